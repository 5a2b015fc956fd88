/** x A = b by Gaussian elimination with full row pivoting: slow, and nothing like the code under test. */
export function eliminate(matrix: Float64Array, size: number, right: Float64Array): number[] {
  const rows = Array.from({ length: size }, (_, row) => [...matrix.subarray(row * size, (row + 1) * size), right[row]!]);
  for (let column = 0; column < size; column++) {
    const pivot = rows
      .slice(column)
      .reduce((best, row, index) => (Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? index + column : best), column);
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const share = rows[row]![column]! / rows[column]![column]!;
      for (let place = column; place <= size; place++) rows[row]![place]! -= share * rows[column]![place]!;
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!);
}
