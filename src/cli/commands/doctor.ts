import type { Command } from 'commander';
import { examine } from '../../engine/tensorflow/doctor';
import { jsonOption } from '../options';
import { print, printJson } from '../output';
import { oneLine, table } from '../text';

async function examineShown(json: boolean): Promise<number> {
  const report = await examine();
  if (json) {
    printJson(report);
    return report.ok ? 0 : 2;
  }
  const rows = report.checks.map(({ name, ok, found }) => [ok ? 'ok' : 'MEND', name, oneLine(found)]);
  for (const line of table(rows)) print(line);
  const remedies = report.checks.filter(({ ok }) => !ok);
  print('');
  if (remedies.length === 0) print('All is well.');
  for (const { name, remedy } of remedies) print(`${name}: ${oneLine(remedy ?? '')}`);
  return report.ok ? 0 : 2;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what training needs: what was found, and how to mend what is missing')
    .addOption(jsonOption('one JSON object on stdout, and nothing else there'))
    .action(async ({ json }: { json?: true }) => {
      process.exitCode = await examineShown(json === true);
    });
}
