import type { Expression, Statement, Target } from '../../program/program';

/** What a statement of the module binds or changes: names it assigns, and objects that it adds to. */
export interface BoundNames {
  readonly assigned: readonly string[];
  /** `layers` of `layers.append(…)` and `layers[0] = …`. */
  readonly changed: readonly string[];
}

export function boundNames(statements: readonly Statement[]): BoundNames {
  const assigned: string[] = [];
  const changed: string[] = [];
  const visit = (statement: Statement): void => {
    switch (statement.kind) {
      case 'assign':
        addTarget(statement.target, assigned, changed);
        return;
      case 'import':
        for (const { local } of statement.bindings) assigned.push(local);
        return;
      case 'function':
      case 'class':
        assigned.push(statement.definition.name);
        return;
      case 'expression':
        if (statement.expression.kind === 'call' && statement.expression.callee.kind === 'attribute')
          addRoot(statement.expression.callee.object, changed);
        if (statement.expression.kind === 'assignment') addTarget(statement.expression.target, assigned, changed);
        return;
      case 'if':
        statement.body.forEach(visit);
        statement.orelse.forEach(visit);
        return;
      case 'for':
        addTarget(statement.target, assigned, changed);
        statement.body.forEach(visit);
        return;
      case 'loop':
      case 'block':
        statement.body.forEach(visit);
        return;
      case 'branches':
        for (const branch of statement.branches) branch.forEach(visit);
        return;
      default:
        return;
    }
  };
  statements.forEach(visit);
  return { assigned, changed };
}

function addTarget(target: Target, assigned: string[], changed: string[]): void {
  switch (target.kind) {
    case 'name':
      assigned.push(target.name);
      return;
    case 'attribute':
    case 'subscript':
      addRoot(target.object, changed);
      return;
    case 'items':
      for (const one of target.targets) if (one !== null) addTarget(one.target, assigned, changed);
      return;
    case 'entries':
      for (const entry of target.entries) addTarget(entry.target, assigned, changed);
      if (target.rest !== null) addTarget(target.rest, assigned, changed);
      return;
  }
}

/** The name that a chain of attributes, items and calls begins with. */
function addRoot(expression: Expression, names: string[]): void {
  let current = expression;
  for (;;) {
    if (current.kind === 'name') {
      names.push(current.name);
      return;
    }
    if (current.kind === 'attribute' || current.kind === 'subscript') current = current.object;
    else if (current.kind === 'call') current = current.callee;
    else return;
  }
}
