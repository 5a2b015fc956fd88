/** A list of layers at the top of the file, and a row of it: `[-1, 1, Conv, [64, 3, 2]]`. */
const lists = /^(?:backbone|head|neck|encoder|decoder)[ \t]*:/m;
const row = /\[[ \t]*(?:-?\d{1,9}|\[[-\d, \t]{1,200}\])[ \t]*,[ \t]*\d{1,9}[ \t]*,[ \t]*['"]?[A-Za-z_][\w.]{0,100}['"]?[ \t]*,[ \t]*\[/;

/** Cheap look for a model description as YOLO projects have them: no other YAML is parsed. */
export function isDescription(text: string): boolean {
  return lists.test(text) && row.test(text);
}
