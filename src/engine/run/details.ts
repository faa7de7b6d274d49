import type { RunDetails } from '../../protocol/panel';
import type { RunRecord } from '../../protocol/run';
import { lossBounds } from '../objective/bounds';
import { criterionOf } from '../train/best';

/** What a panel shows of a record, and what follows from it. */
export function details(record: RunRecord): RunDetails {
  const { createdAt, config, choices, environment, steps, parameters, contrast } = record;
  const { baselines, metrics, best, seconds, pairsPerSecond } = record;
  const { path: _path, reading: _reading, ...dataset } = record.dataset;
  return {
    createdAt,
    dataset,
    config,
    choices,
    environment,
    steps,
    parameters,
    ...(baselines && { baselines }),
    ...(metrics && { metrics }),
    ...(best && { best }),
    ...(seconds !== undefined && { seconds }),
    ...(pairsPerSecond !== undefined && { pairsPerSecond }),
    criterion: criterionOf(dataset.layout),
    ...(contrast && { bounds: lossBounds(config, contrast) }),
  };
}
