import { Disposable, LanguageModelTextPart, LanguageModelToolResult, lm } from 'vscode';
import type { ToolName } from './inputs';
import type { ToolLab } from './tool';
import type { Toolbox } from './toolbox';

const names: readonly ToolName[] = [
  'infonce_list_runs',
  'infonce_run_metrics',
  'infonce_neighbours',
  'infonce_confusions',
  'infonce_train',
];

/** Offers the tools to language models in the editor. What they need is loaded when one is first called. */
export function registerTools(lab: ToolLab): Disposable {
  let toolbox: Promise<Toolbox> | undefined;
  const open = (): Promise<Toolbox> => {
    toolbox ??= import('./toolbox').then(({ Toolbox }) => new Toolbox(lab));
    return toolbox;
  };
  const registered = names.map((name) =>
    lm.registerTool<unknown>(name, {
      prepareInvocation: async ({ input }) => await (await open()).prepare(name, input),
      async invoke({ input, tokenizationOptions }, token) {
        const text = await (await open()).answer(name, input, token, tokenizationOptions?.tokenBudget);
        return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
      },
    }),
  );
  return Disposable.from(...registered, { dispose: () => void toolbox?.then((opened) => opened.dispose()) });
}
