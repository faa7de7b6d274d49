import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/engine/config-schema';

test('the schema that the editor is given is the one that the engine checks by', async () => {
  await expect(`${JSON.stringify(configFileSchema(), undefined, 2)}\n`).toMatchFileSnapshot(
    '../../media/infonce.schema.json',
  );
});
