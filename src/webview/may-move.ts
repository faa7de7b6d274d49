/** The editor and the system can both be told to keep still. */
export function mayMove(): boolean {
  return (
    !document.body.classList.contains('vscode-reduce-motion') &&
    !matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
