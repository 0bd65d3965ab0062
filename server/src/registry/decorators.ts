/** Whether a decorator leaves what it decorates as it is, by its dotted name: those that register and export it do. */
export function leavesObject(decorator: string): boolean {
  return /(?:^|[._])(?:register|export)|(?:register|export)(?:\(|$)/i.test(decorator);
}
