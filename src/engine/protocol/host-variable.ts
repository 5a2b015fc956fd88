/** Variable that tells a process of ours who started it: that one may be gone before it can ask. */
export const hostVariable = 'SHIFTLINT_HOST_PROCESS';
