import * as tf from '@tensorflow/tfjs-core';
import { floatType, type } from './attributes';
import { type Native, type NativeOutput, nativeHandles, type OpAttribute } from './native';

/** Token counts of a batch as a sparse matrix in coordinate form: entry `i` is `[row[i], column[i]] = weight[i]`. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  /** Ascending. */
  readonly row: Int32Array;
  readonly column: Int32Array;
  readonly weight: Float32Array;
}

/** A sparse matrix on the backend; `dispose` after the step. */
export interface SparseMatrix {
  /** `this x table`: [rows, columns] x [columns, d] -> [rows, d]; differentiable in the table. */
  multiply(table: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

export function sparseMatrix(entries: SparseRows): SparseMatrix {
  const native = nativeHandles();
  if (!native) return portableSparseMatrix(entries);
  const groups = groupByWeight(entries);
  // Where nearly every entry has a weight of its own, groups save nothing.
  return groups && groups.weight.length * 2 <= entries.row.length
    ? groupedSparseMatrix(entries, groups, native)
    : coordinateSparseMatrix(entries, native);
}

/** Any weights: TensorFlow's sparse product, on one thread. */
function coordinateSparseMatrix(entries: SparseRows, native: Native): SparseMatrix {
  const { backend, binding } = native;
  const count = entries.row.length;
  // int64 in two int32 halves, low first: what the binding takes where JavaScript has no int64 array of plain numbers.
  const indices = new Int32Array(4 * count);
  for (let i = 0; i < count; i++) {
    indices[4 * i] = entries.row[i] as number;
    indices[4 * i + 2] = entries.column[i] as number;
  }
  const handles = [
    binding.createTensor([count, 2], binding.TF_INT64, indices),
    binding.createTensor([count], binding.TF_FLOAT, entries.weight),
    binding.createTensor([2], binding.TF_INT64, new Int32Array([entries.rows, 0, entries.columns, 0])),
  ];
  const product = (dense: tf.Tensor, adjoint: boolean): tf.Tensor => {
    const [output] = binding.executeOp(
      'SparseTensorDenseMatMul',
      [
        floatType(native),
        type(native, 'Tindices', binding.TF_INT64),
        { name: 'adjoint_a', type: binding.TF_ATTR_BOOL, value: adjoint },
        { name: 'adjoint_b', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [...handles, ...backend.getInputTensorIds([dense])],
      1,
    );
    return backend.createOutputTensor(output as NativeOutput);
  };
  return {
    multiply: (table) =>
      tf.customGrad((input) => ({
        value: product(input as tf.Tensor, false),
        gradFunc: (dy: tf.Tensor) => product(dy, true),
      }))(table) as tf.Tensor2D,
    dispose: () => {
      for (const handle of handles) binding.deleteTensor(handle);
    },
  };
}

/** The entries of a row that have the same weight are one group: `matrix = weights x groups`, both sparse. */
interface Groups {
  /** [entries]: group of each entry, ascending, and the column of that entry. */
  readonly group: Int32Array;
  readonly column: Int32Array;
  /** [groups]: row and weight of each group. */
  readonly row: Int32Array;
  readonly weight: Float32Array;
}

function groupByWeight({ row, column, weight }: SparseRows): Groups | undefined {
  const count = row.length;
  if (count === 0) return undefined;
  const group = new Int32Array(count);
  const ordered = new Int32Array(count);
  const rows: number[] = [];
  const weights: number[] = [];
  let at = 0;
  for (let start = 0; start < count; ) {
    let end = start;
    while (end < count && row[end] === row[start]) end++;
    const distinct: number[] = [];
    for (let i = start; i < end; i++) {
      const own = weight[i] as number;
      if (!distinct.includes(own)) distinct.push(own);
    }
    // Many different weights: the search would turn quadratic, and groups be pointless.
    if (distinct.length > 16 && distinct.length * 2 > end - start) return undefined;
    for (const one of distinct) {
      for (let i = start; i < end; i++) {
        if (weight[i] !== one) continue;
        group[at] = rows.length;
        ordered[at++] = column[i] as number;
      }
      rows.push(row[start] as number);
      weights.push(one);
    }
    start = end;
  }
  return { group, column: ordered, row: Int32Array.from(rows), weight: Float32Array.from(weights) };
}

/**
 * Few weights, such as square roots of counts: unweighted sums of table rows, which run on every thread, then one small
 * weighted product. The gradient is such a sum too, over the entries of each column (four times as fast as the
 * scattered one).
 */
function groupedSparseMatrix(entries: SparseRows, groups: Groups, native: Native): SparseMatrix {
  const weights = coordinateSparseMatrix(
    {
      rows: entries.rows,
      columns: groups.row.length,
      row: groups.row,
      column: Int32Array.from(groups.row.keys()),
      weight: groups.weight,
    },
    native,
  );
  const byColumn = sortedByColumn(groups, entries.columns);
  const attributes: OpAttribute[] = [
    floatType(native),
    type(native, 'Tidx', native.binding.TF_INT32),
    type(native, 'Tsegmentids', native.binding.TF_INT32),
  ];
  const sums = (table: tf.Tensor): tf.Tensor2D =>
    tf.tidy(() =>
      native.backend.executeSingleOutput('SparseSegmentSum', attributes, [
        table,
        tf.tensor1d(groups.column, 'int32'),
        tf.tensor1d(groups.group, 'int32'),
      ]),
    ) as tf.Tensor2D;
  const columnSums = (dy: tf.Tensor): tf.Tensor =>
    tf.tidy(() =>
      native.backend.executeSingleOutput(
        'SparseSegmentSumWithNumSegments',
        [...attributes, type(native, 'Tnumsegments', native.binding.TF_INT32)],
        [
          dy,
          tf.tensor1d(byColumn.group, 'int32'),
          tf.tensor1d(byColumn.column, 'int32'),
          tf.scalar(entries.columns, 'int32'),
        ],
      ),
    );
  const grouped = (table: tf.Tensor2D): tf.Tensor2D =>
    tf.customGrad((input) => ({ value: sums(input as tf.Tensor), gradFunc: columnSums }))(table);
  return { multiply: (table) => weights.multiply(grouped(table)), dispose: () => weights.dispose() };
}

/** The entries in the order of their columns (counting sort, so that equal columns keep their order). */
function sortedByColumn({ group, column }: Groups, columns: number): Pick<Groups, 'group' | 'column'> {
  const next = new Int32Array(columns + 1);
  for (const c of column) next[c + 1] = (next[c + 1] as number) + 1;
  for (let c = 0; c < columns; c++) next[c + 1] = (next[c + 1] as number) + (next[c] as number);
  const sorted = { group: new Int32Array(column.length), column: new Int32Array(column.length) };
  for (const [i, c] of column.entries()) {
    const at = next[c] as number;
    next[c] = at + 1;
    sorted.group[at] = group[i] as number;
    sorted.column[at] = c;
  }
  return sorted;
}

function portableSparseMatrix(entries: SparseRows): SparseMatrix {
  const row = tf.tensor1d(entries.row, 'int32');
  const column = tf.tensor1d(entries.column, 'int32');
  const weight = tf.tensor2d(entries.weight, [entries.weight.length, 1]);
  return {
    multiply: (table) =>
      tf.unsortedSegmentSum<tf.Tensor2D>(tf.mul(tf.gather(table, column), weight), row, entries.rows),
    dispose: () => tf.dispose([row, column, weight]),
  };
}
