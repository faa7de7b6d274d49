/** The forked program, of which the first argument says what it is for: `train` or `explore`. */
async function main(role = ''): Promise<void> {
  switch (role) {
    case 'train': {
      const { serveTrainer } = await import('./serve-trainer');
      serveTrainer();
      return;
    }
    case 'explore': {
      const { serveExplorer } = await import('./explorer');
      serveExplorer();
      return;
    }
    // The explorer's own worker thread.
    case 'layout': {
      const { serveLayout } = await import('./explorer-layout');
      await serveLayout();
      return;
    }
    default:
      throw new Error(`trainer: "${role}" is no role; it is started by a program, with train or explore`);
  }
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
