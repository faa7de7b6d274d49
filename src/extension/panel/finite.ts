import type { EvaluationView, RunDetails } from '../../protocol/panel';
import type { Metrics } from '../../protocol/run';

/** A metric that is no number is as good as absent; on its way to the page it would become null. */
function finite(metrics: Metrics): Metrics {
  const kept = Object.entries(metrics).filter(
    ([, value]) => typeof value !== 'number' || Number.isFinite(value),
  );
  return { ...Object.fromEntries(kept), split: metrics.split };
}

export function finiteEvaluation(view: EvaluationView): EvaluationView {
  const { metrics, modelFree } = view;
  return { ...view, metrics: finite(metrics), ...(modelFree && { modelFree: finite(modelFree) }) };
}

export function finiteDetails(details: RunDetails): RunDetails {
  const { metrics, baselines } = details;
  return {
    ...details,
    ...(metrics && { metrics: finite(metrics) }),
    ...(baselines && {
      baselines: { untrained: finite(baselines.untrained), model_free: finite(baselines.model_free) },
    }),
  };
}
