import { describe, expect, it, test } from 'vitest';
import { whyNotUsed } from '../../../src/engine/runtimes/devices/adapter';
import { graphicsDriver, loadedLibraries } from '../../../src/engine/runtimes/devices/graphics-drivers';
import { onnxGpuEngine } from '../../../src/engine/runtimes/onnx/index';
import { loadOnnxRuntime, type LoadedRuntime } from '../../../src/engine/runtimes/onnx/runtime';
import type { OnnxRuntime } from '../../../src/engine/runtimes/onnx/onnx-runtime';

describe('the driver by what a process has loaded', () => {
  test.each([
    [
      ['/usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.0', '/usr/lib/x86_64-linux-gnu/libnvidia-glcore.so.550.54.15'],
      'NVIDIA driver 550.54.15',
      false,
    ],
    [['/lib/libGLX_nvidia.so.0'], 'NVIDIA driver', false],
    [['/usr/lib/libvulkan_radeon.so', '/usr/lib/libvulkan_lvp.so'], 'Mesa RADV', false],
    [['/usr/lib/libvulkan_lvp.so', '/usr/lib/libvulkan_intel.so'], 'Mesa ANV', false],
    [['C:\\Windows\\System32\\DriverStore\\nvwgf2umx.dll', 'C:\\Windows\\System32\\d3d10warp.dll'], 'NVIDIA driver', false],
    [['C:\\Windows\\System32\\D3D10Warp.dll'], 'Microsoft WARP', true],
    [['/System/Library/Extensions/AGXMetalG13X.bundle/Contents/MacOS/AGXMetalG13X'], 'Apple GPU driver', false],
    [['/usr/lib/chromium/libvk_swiftshader.so'], 'SwiftShader', true],
    [['/usr/lib/libvulkan_lvp.so'], 'Mesa llvmpipe', true],
  ])('%j', (libraries, name, isSoftware) => {
    expect(graphicsDriver(['/lib/libc.so.6', ...libraries])).toEqual({ name, isSoftware });
  });

  it('is unknown where nothing of the kind is loaded', () => {
    expect(graphicsDriver(['/usr/lib/libvulkan.so.1', '/usr/lib/libnvidia.so.so', '/home/nvwgf2umx/node'])).toBeUndefined();
  });

  it('looks at the libraries of this very process', async () => {
    await loadOnnxRuntime();
    expect(loadedLibraries().some((library) => /onnxruntime/.test(library))).toBe(true);
  });
});

describe('an adapter', () => {
  const [card, program, unknown] = [
    { name: 'Card', isSoftware: false },
    { name: 'SwiftShader', isSoftware: true },
    { name: 'something', isSoftware: undefined },
  ];
  it('that is a card is used, whoever asks', () => {
    for (const device of ['auto', 'gpu'] as const) expect(whyNotUsed(card, device, {})).toBeUndefined();
  });

  it('that is a program is never used by itself, and on request only where tests allow it', () => {
    for (const environment of [{}, { SHIFTLINT_GPU_SOFTWARE: '1' }])
      expect(whyNotUsed(program, 'auto', environment)).toBe('SwiftShader is a program, not a graphics card');
    expect(whyNotUsed(program, 'gpu', {})).toMatch(/^SwiftShader is a program, not a graphics card, and slower/);
    expect(whyNotUsed(program, 'gpu', { SHIFTLINT_GPU_SOFTWARE: '1' })).toBeUndefined();
  });

  it('that nobody knows is used on request only', () => {
    expect(whyNotUsed(unknown, 'auto', {})).toBe('it is not known what something is');
    expect(whyNotUsed(unknown, 'gpu', {})).toBeUndefined();
  });
});

describe('looking for the card of ONNX Runtime', () => {
  /** A runtime that makes one session, of whose answer or refusal a test says what it is. */
  function fake(answer: Float32Array | string): LoadedRuntime & { readonly asked: readonly unknown[] } {
    const asked: unknown[] = [];
    const runtime = {
      Tensor: class {
        constructor(
          readonly type: string,
          readonly data: Float32Array,
          readonly dims: readonly number[],
        ) {}
      },
      InferenceSession: {
        create: (_: Uint8Array, options: unknown) => {
          asked.push(options);
          if (typeof answer === 'string') return Promise.reject(new Error(answer));
          return Promise.resolve({ run: () => Promise.resolve({ y: { data: answer } }), release: () => Promise.resolve() });
        },
      },
    } as unknown as OnnxRuntime;
    return { runtime, backend: 'ONNX Runtime 1.30 (native)', readsFolders: true, asked };
  }

  it('finds none where the runtime finds none', async () => {
    const result = await onnxGpuEngine(fake('x.cc:136 Failed to get a WebGPU adapter: No supported adapters. '), 'gpu');
    expect(result).toEqual({ ok: false, reason: 'no graphics card was found that WebGPU can use', isFailure: false });
  });

  it('tells of one that does not start, and of one that computes wrongly', async () => {
    expect(await onnxGpuEngine(fake('Failed to get a WebGPU device: out of memory.'), 'auto')).toEqual({
      ok: false,
      reason: 'it has not enough memory',
      isFailure: true,
    });
    expect(await onnxGpuEngine(fake(Float32Array.of(-1, 2)), 'auto')).toEqual({
      ok: false,
      reason: 'its first answer was wrong',
      isFailure: true,
    });
  });

  it('asks the WebGPU provider, and the WASM build not at all', async () => {
    const runtime = fake(Float32Array.of(0, 2));
    await onnxGpuEngine(runtime, 'gpu');
    expect(runtime.asked).toEqual([expect.objectContaining({ executionProviders: ['webgpu'] })]);
    const wasm = { ...fake(Float32Array.of(0, 2)), readsFolders: false };
    expect(await onnxGpuEngine(wasm, 'gpu')).toMatchObject({ ok: false, isFailure: false });
    expect(wasm.asked).toEqual([]);
  });

  it('names device and driver in the line of the backend', async () => {
    const result = await onnxGpuEngine(fake(Float32Array.of(0, 2)), 'gpu');
    // This process has loaded no driver, unless a machine has one in everything.
    if (result.ok) expect(result.engine.backend).toBe(`ONNX Runtime 1.30 WebGPU (${result.engine.adapter})`);
    else expect(result.reason).toMatch(/is a program/);
  });
});
