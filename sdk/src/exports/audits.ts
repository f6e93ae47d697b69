// Audits: what verifiers do, and the draw as anybody can compute it. Apart, since
// pages that buy need none of it.

export * from '../audits/attestWithheld.js'
export * from '../audits/auditCommitment.js'
export * from '../audits/closeEpoch.js'
export * from '../audits/commitAudit.js'
export * from '../audits/demandMismatch.js'
export * from '../audits/drawAudit.js'
export * from '../audits/encodeHeader.js'
export * from '../audits/fallbackSeed.js'
export * from '../audits/getAudit.js'
export * from '../audits/getAuditClock.js'
export * from '../audits/getEpoch.js'
export * from '../audits/getOracleBalance.js'
export * from '../audits/releaseAudit.js'
export * from '../audits/reportAbsent.js'
export * from '../audits/requestSeed.js'
export * from '../audits/revealAudit.js'
