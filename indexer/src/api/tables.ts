import * as schema from '../../ponder.schema.js'
import { viewTables } from '../../schema/views.js'

const {
  cancelledNonces: _cancelledNonces,
  execution: _execution,
  marketHour: _marketHour,
  modelEntry: _modelEntry,
  modelHour: _modelHour,
  modelUse: _modelUse,
  orderEntry: _orderEntry,
  providerEntry: _providerEntry,
  protocolState: _protocolState,
  stakeHour: _stakeHour,
  ...shown
} = schema

/** What readers may ask for, by name: tables, and views instead of what they are made of. */
export const tables = { ...shown, ...viewTables }

type Tables = typeof tables

export type TableName = keyof Tables

export type Row<table extends TableName> = Tables[table]['$inferSelect']
