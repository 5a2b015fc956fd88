"""How the models of each package are built: a list of names with what builds them."""

import glob
import os


def torchvision():
    from torchvision import models

    def make(name):
        try:
            return models.get_model(name, weights=None, weights_backbone=None)
        except (TypeError, ValueError):
            return models.get_model(name, weights=None)

    return [(name, lambda name=name: make(name)) for name in models.list_models()]


def timm():
    """Up to three models of each file of `timm.models`."""
    import timm

    by_file = {}
    for name in timm.list_models():
        by_file.setdefault(timm.models._registry._model_to_module.get(name), []).append(name)
    names = [name for names in by_file.values() for name in names[:3]]
    return [(name, lambda name=name: timm.create_model(name, pretrained=False)) for name in names]


def segmentation_models_pytorch():
    """Every decoder on one encoder, and every family of encoders under one decoder."""
    import segmentation_models_pytorch as smp

    decoders = ["Unet", "UnetPlusPlus", "MAnet", "Linknet", "FPN", "PSPNet", "PAN", "DeepLabV3", "DeepLabV3Plus", "UPerNet", "Segformer"]
    encoders = ["resnet18", "resnet50", "se_resnet50", "densenet121", "inceptionv4", "inceptionresnetv2", "efficientnet-b0", "mobilenet_v2"]
    encoders += ["xception", "vgg11_bn", "dpn68", "mit_b0", "mobileone_s0"]
    pairs = [(name, "resnet34") for name in decoders if hasattr(smp, name)] + [("Unet", encoder) for encoder in encoders]
    return [
        (f"{name}:{encoder}", lambda name=name, encoder=encoder: getattr(smp, name)(encoder, encoder_weights=None)) for name, encoder in pairs
    ]


def ultralytics():
    """Every model description that comes with the package."""
    from ultralytics.nn import tasks
    import ultralytics

    kinds = {"-seg": "SegmentationModel", "-pose": "PoseModel", "-obb": "OBBModel", "-cls": "ClassificationModel", "rtdetr": "RTDETRDetectionModel"}
    files = sorted(glob.glob(os.path.join(os.path.dirname(ultralytics.__file__), "cfg/models/**/*.yaml"), recursive=True))

    def make(file):
        kind = next((kind for part, kind in kinds.items() if part in os.path.basename(file)), "DetectionModel")
        return getattr(tasks, kind)(file, verbose=False)

    return [(os.path.basename(file), lambda file=file: make(file)) for file in files]


def efficientnet_pytorch():
    """One small and one large model, and the one of another stem."""
    from efficientnet_pytorch import EfficientNet

    names = ["efficientnet-b0", "efficientnet-b4", "efficientnet-b7", "efficientnet-l2"]
    return [(name, lambda name=name: EfficientNet.from_name(name)) for name in names]


makers = {
    "torchvision": torchvision,
    "timm": timm,
    "segmentation_models_pytorch": segmentation_models_pytorch,
    "efficientnet_pytorch": efficientnet_pytorch,
    "ultralytics": ultralytics,
}
