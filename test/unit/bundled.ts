import esbuild from 'esbuild';
import { esbuildWat } from '../../scripts/wat.mjs';

const runtimes = ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-node'];

/** What esbuild tells of a program of ours, bundled as it is shipped; what is left outside is told by its name. */
export async function bundled(entry: string, outside: readonly string[] = runtimes): Promise<esbuild.Metafile> {
  const { metafile } = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    outfile: 'program.js',
    metafile: true,
    platform: 'node',
    external: ['vscode', ...outside],
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [esbuildWat],
    logLevel: 'error',
  });
  return metafile;
}
