import { z } from 'zod';
import { configFileSchema } from '../../src/engine/config-schema';
import { inputs, type ToolName } from '../../src/extension/tools/inputs';

interface Schema {
  $schema?: string;
  description?: string;
  properties?: Record<string, Schema>;
}

/** What the manifest has to say of a tool's input: settings in the words that `infonce.json` has for them. */
export function inputSchemaOf(name: ToolName): object {
  const { $schema: _version, ...schema } = z.toJSONSchema(inputs[name], {
    target: 'draft-7',
    io: 'input',
  }) as Schema;
  const known = (configFileSchema() as Schema).properties?.['train']?.properties ?? {};
  for (const [setting, property] of Object.entries(schema.properties?.['settings']?.properties ?? {})) {
    const description = known[setting]?.description;
    if (description !== undefined) property.description = description;
  }
  return schema;
}
