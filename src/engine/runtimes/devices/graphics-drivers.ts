/** What a process has loaded to reach a graphics card. */
export interface GraphicsDriver {
  /** For example `NVIDIA driver 550.54`. */
  readonly name: string;
  /** A program that computes on the processor what a graphics card would. */
  readonly isSoftware: boolean;
}

interface KnownDriver {
  /** Of the library's file name; a group is the version. */
  readonly file: RegExp;
  readonly name: string;
  readonly isSoftware?: true;
}

/** Vulkan drivers on Linux, Direct3D 12 ones on Windows, Metal ones on macOS: what WebGPU stands on. */
const known: readonly KnownDriver[] = [
  { file: /^libnvidia-[\w-]+\.so\.(\d+\.[\d.]+)$/, name: 'NVIDIA driver' },
  { file: /^(?:libGLX_nvidia\.so|nvwgf2umx|nvoglv64|nvldumdx)/, name: 'NVIDIA driver' },
  { file: /^libvulkan_nouveau\.so/, name: 'Mesa NVK' },
  { file: /^libvulkan_radeon\.so/, name: 'Mesa RADV' },
  { file: /^(?:amdvlk64\.so|amdxc64|amdxx64|AMDMTL|AMDRadeonX)/, name: 'AMD driver' },
  { file: /^libvulkan_intel(?:_hasvk)?\.so/, name: 'Mesa ANV' },
  { file: /^(?:igd12um|igdumdim|igxelpicd|AppleIntel\w*MTLDriver)/, name: 'Intel driver' },
  { file: /^(?:libvulkan_freedreno\.so|qcdx12|qcvk)/, name: 'Qualcomm driver' },
  { file: /^(?:libvulkan_asahi\.so|AGXMetal)/, name: 'Apple GPU driver' },
  { file: /^libvk_swiftshader\.so|^vk_swiftshader\.dll/, name: 'SwiftShader', isSoftware: true },
  { file: /^libvulkan_lvp\.so/, name: 'Mesa llvmpipe', isSoftware: true },
  { file: /^d3d10warp\.dll/i, name: 'Microsoft WARP', isSoftware: true },
];

/**
 * The driver behind WebGPU, by the libraries of the process that uses it. Where there are several the hardware's counts: WebGPU takes the
 * fastest. Undefined where none is known.
 *
 * @param libraries paths of all that is loaded
 */
export function graphicsDriver(libraries: readonly string[]): GraphicsDriver | undefined {
  const files = libraries.map((library) => library.split(/[\\/]/).at(-1) ?? '');
  const found = known.flatMap(({ file, name, isSoftware }) => {
    const match = files.map((candidate) => file.exec(candidate)).find((result) => result !== null);
    if (match === undefined) return [];
    const [, version] = match;
    return [{ name: version === undefined ? name : `${name} ${version}`, isSoftware: isSoftware === true }];
  });
  return found.find(({ isSoftware }) => !isSoftware) ?? found[0];
}

/** Paths of the libraries that this process has loaded. */
export function loadedLibraries(): readonly string[] {
  const report: unknown = process.report.getReport();
  const libraries = typeof report === 'object' && report !== null && 'sharedObjects' in report ? report.sharedObjects : undefined;
  return Array.isArray(libraries) ? libraries.filter((library): library is string => typeof library === 'string') : [];
}
