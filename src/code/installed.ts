/** Folders that package managers fill: what lies there is known by table or not at all. */
export const installedFolders = ['node_modules', 'site-packages', 'dist-packages'] as const;

/** What lies in the folder of a virtual environment, and in no other. */
export const environmentMarkers = ['pyvenv.cfg', 'conda-meta'] as const;

const installed = new RegExp(`/(?:${installedFolders.join('|')})/`);

/** True of a file or folder, written with `/`, that belongs to an installed library. */
export function isInstalled(place: string): boolean {
  return installed.test(`${place}/`);
}
