import type { FixtureFolder } from './fixture-folder';
import type * as vscode from 'vscode';

/**
 * A tfjs layers-model of one convolution (stride 1) and one max-pool, 8x8x1 input, written by hand with tabs and an
 * odd key order so that a fix that reformats the file is noticed.
 */
export const tinyModelText = `{
	"format": "layers-model",
	"generatedBy": "Shiftlint host tests",
	"modelTopology": {
		"class_name": "Sequential",
		"config": {
			"name": "tiny",
			"layers": [
				{"class_name": "Conv2D", "config": {"name": "conv", "batch_input_shape": [null, 8, 8, 1], "filters": 2, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "data_format": "channels_last", "activation": "relu", "use_bias": true, "dtype": "float32"}},
				{"config": {"padding": "valid", "pool_size": [2, 2], "strides": [2, 2], "data_format": "channels_last", "name": "pool"}, "class_name": "MaxPooling2D"}
			]
		}
	},
	"weightsManifest": [
		{
			"paths": ["weights.bin"],
			"weights": [
				{"name": "conv/kernel", "shape": [3, 3, 1, 2], "dtype": "float32"},
				{"name": "conv/bias", "shape": [2], "dtype": "float32"}
			]
		}
	]
}
`;

/** 18 kernel values and 2 biases. */
const tinyWeights = new Uint8Array(new Float32Array([...Array(18).keys(), 0, 0].map((value) => value / 20)).buffer);

/** Writes the tiny model with its weights and answers with the model file. */
export async function writeTinyModel(folder: FixtureFolder, name = 'model.json'): Promise<vscode.Uri> {
  await folder.write('weights.bin', tinyWeights);
  return folder.write(name, tinyModelText);
}

/** A tfjs graph-model of one fused convolution (stride 1) and one max-pool, 8x8x1 input, by hand. */
export const tinyGraphText = `{
  "format": "graph-model",
  "generatedBy": "2.13.0",
  "signature": {
    "inputs": {"image": {"name": "image:0"}},
    "outputs": {"pool": {"name": "pool:0"}}
  },
  "modelTopology": {
    "node": [
      {"name": "image", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "1"}, {"size": "8"}, {"size": "8"}, {"size": "1"}]}}}},
      {"name": "conv/kernel", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "3"}, {"size": "3"}, {"size": "1"}, {"size": "2"}]}}}}},
      {"name": "conv/bias", "op": "Const", "attr": {"dtype": {"type": "DT_FLOAT"}, "value": {"tensor": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "2"}]}}}}},
      {"name": "conv/Relu", "op": "_FusedConv2D", "input": ["image", "conv/kernel", "conv/bias"], "attr": {"strides": {"list": {"i": ["1", "1", "1", "1"]}}, "padding": {"s": "U0FNRQ=="}, "data_format": {"s": "TkhXQw=="}, "dilations": {"list": {"i": ["1", "1", "1", "1"]}}, "fused_ops": {"list": {"s": ["Qmlhc0FkZA==", "UmVsdQ=="]}}, "num_args": {"i": "1"}}},
      {"name": "pool", "op": "MaxPool", "input": ["conv/Relu"], "attr": {"strides": {"list": {"i": ["1", "2", "2", "1"]}}, "ksize": {"list": {"i": ["1", "2", "2", "1"]}}, "padding": {"s": "VkFMSUQ="}, "data_format": {"s": "TkhXQw=="}}}
    ]
  },
  "weightsManifest": [
    {
      "paths": ["weights.bin"],
      "weights": [
        {"name": "conv/kernel", "shape": [3, 3, 1, 2], "dtype": "float32"},
        {"name": "conv/bias", "shape": [2], "dtype": "float32"}
      ]
    }
  ]
}
`;

/** Writes the graph-model with its weights and answers with the model file. */
export async function writeTinyGraph(folder: FixtureFolder, name = 'model.json'): Promise<vscode.Uri> {
  await folder.write('weights.bin', tinyWeights);
  return folder.write(name, tinyGraphText);
}
