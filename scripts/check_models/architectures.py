"""Architectures that are exported, by their library, with the two image sizes that each is run at."""

SMALL = (64, 96)
LARGE = (224, 256)

ARCHITECTURES = {
    "timm:resnet18": SMALL,
    "timm:resnet26d": SMALL,
    "timm:resnetblur18": SMALL,
    "timm:resnext26ts": SMALL,
    "timm:seresnet18": SMALL,
    "timm:ecaresnet26t": SMALL,
    "timm:skresnet18": SMALL,
    "timm:wide_resnet50_2": SMALL,
    "timm:densenet121": SMALL,
    "timm:dla34": SMALL,
    "timm:cspresnet50": SMALL,
    "timm:cspdarknet53": SMALL,
    "timm:darknet53": SMALL,
    "timm:vovnet39a": SMALL,
    "timm:hrnet_w18_small": SMALL,
    "timm:res2net50_14w_8s": SMALL,
    "timm:regnetx_002": SMALL,
    "timm:regnety_002": SMALL,
    "timm:repvgg_a0": SMALL,
    "timm:mobilenetv2_050": SMALL,
    "timm:mobilenetv3_small_050": SMALL,
    "timm:tf_mobilenetv3_small_075": SMALL,
    "timm:efficientnet_b0": SMALL,
    "timm:tf_efficientnet_lite0": SMALL,
    "timm:mnasnet_small": SMALL,
    "timm:fbnetc_100": SMALL,
    "timm:ghostnet_050": SMALL,
    "timm:lcnet_035": SMALL,
    "timm:convnext_atto": SMALL,
    "timm:inception_v3": LARGE,
    "torchvision:resnet18": SMALL,
    "torchvision:vgg11_bn": LARGE,
    "torchvision:alexnet": LARGE,
    "torchvision:squeezenet1_1": SMALL,
    "torchvision:shufflenet_v2_x0_5": SMALL,
    "torchvision:googlenet": SMALL,
    "torchvision:mnasnet0_5": SMALL,
}

# What an exporter cannot leave open: torch.export solves no sizes that are computed for SAME padding, and pools to a given size are
# exported for one size of the map, which has to be a multiple of it.
FIXED_SIZE = {
    "torchscript": {"torchvision:alexnet", "torchvision:vgg11_bn"},
    "dynamo": {
        *("timm:dla34", "timm:tf_mobilenetv3_small_075", "timm:tf_efficientnet_lite0"),
        *("torchvision:alexnet", "torchvision:vgg11_bn"),
    },
}


def build(name):
    """The network of a name, with random weights, for inference."""
    library, architecture = name.split(":")
    if library == "timm":
        import timm

        return timm.create_model(architecture, pretrained=False).eval()
    import torchvision

    extra = {"init_weights": True, "aux_logits": False} if architecture == "googlenet" else {}
    return getattr(torchvision.models, architecture)(weights=None, **extra).eval()
