import type { TemplateResult } from 'lit';
import type { Range } from '../charts/decimate';
import { checkbox, segmented } from '../controls';
import type { Store } from '../store';
import { t } from '../words';
import type { AxisName } from './axis';

/** How losses are drawn, of one run or of several: kept in the page's state, so that both views agree. */
export function axisChoice(store: Store, axis: AxisName): TemplateResult {
  return segmented<AxisName>({
    label: t('Horizontal axis'),
    options: [
      { value: 'step', label: t('Step') },
      { value: 'epoch', label: t('Epoch') },
      { value: 'time', label: t('Time') },
    ],
    value: axis,
    onChange: (chosen) => store.update({ axis: chosen, zoom: null }),
    testId: 'loss-axis',
  });
}

export function logScaleBox(store: Store, logScale: boolean): TemplateResult {
  return checkbox({
    label: t('Log scale'),
    checked: logScale,
    onChange: (checked) => store.update({ logScale: checked }),
    testId: 'log-scale',
  });
}

/** @param range what is in sight: it stays when following ends */
export function followBox(store: Store, range: Range): TemplateResult {
  return checkbox({
    label: t('Follow'),
    checked: (store.state.zoom ?? null) === null,
    onChange: (follow) => store.update({ zoom: follow ? null : range }),
    testId: 'follow',
  });
}
