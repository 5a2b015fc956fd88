export type { Severity } from '../../core/rules/rule';
