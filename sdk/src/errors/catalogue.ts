/**
 * Every error code: what it means in one line, whether the same call may
 * succeed later, and what to do about it. Each has a page in docs/errors.
 *
 * @example
 * catalogue['LY-JOB-001'].title // 'Nobody took the order in time'
 */
export const catalogue = {
  'LY-MKT-001': {
    title: 'The job is not in a state that allows this',
    remedy:
      'Read the job with `lynode jobs show JOB_ID` and act on the status that it shows.',
    retryable: false,
  },
  'LY-MKT-002': {
    title: "The order's signature is not the requester's",
    remedy:
      'Sign the order again, unchanged, for the chain and the market of the address book in use.',
    retryable: false,
  },
  'LY-MKT-003': {
    title: 'Only the requester of the order may do this',
    remedy:
      "Send the call from the requester's account, or sign the order and let a provider lock it.",
    retryable: false,
  },
  'LY-MKT-004': {
    title: "The order's nonce is spent",
    remedy:
      'Sign a new order with a fresh nonce. If you are a provider, drop the order: it is taken or withdrawn.',
    retryable: false,
  },
  'LY-MKT-005': {
    title: 'The order can no longer be locked',
    remedy:
      'As a requester, sign a new order, with a longer `lockDuration` or a higher price. As a provider, drop it.',
    retryable: false,
  },
  'LY-MKT-006': {
    title: 'The order can still be locked',
    remedy: 'Call again after the deadline that the error names.',
    retryable: true,
  },
  'LY-MKT-007': {
    title: 'Only the provider that locked the job may deliver it',
    remedy:
      'Deliver with the hot key that locked. After a rotation of the hot key the new one delivers.',
    retryable: false,
  },
  'LY-MKT-008': {
    title: 'The delivery window is over',
    remedy:
      'Look into why the run took longer, and lock only what this machine finishes in time.',
    retryable: false,
  },
  'LY-MKT-009': {
    title: 'The delivery window is still open',
    remedy: 'Call again after the deadline that the error names.',
    retryable: true,
  },
  'LY-MKT-010': {
    title: 'The job is not final yet',
    remedy: 'Call again after `finalAt`.',
    retryable: true,
  },
  'LY-MKT-011': {
    title: 'The lock would debit more than the order allows',
    remedy:
      'Sign a higher `maxTotal`: the order cannot be locked at this price.',
    retryable: false,
  },
  'LY-MKT-012': {
    title: 'A field of the order is invalid',
    remedy: 'Correct the field and sign again.',
    retryable: false,
  },
  'LY-MKT-013': {
    title: 'The order was signed for retired parameters',
    remedy: 'Sign the order again under the current version.',
    retryable: false,
  },
  'LY-MKT-014': {
    title: 'The model is not offered in this class',
    remedy:
      'Run `lynode model check` on the model file for its class, and order that class.',
    retryable: false,
  },
  'LY-MKT-015': {
    title: "The order's collateral is too low",
    remedy: 'Sign a higher `collateral`, or lower price and `valueAtRisk`.',
    retryable: false,
  },
  'LY-MKT-016': {
    title: "The order's verification fee is too low",
    remedy: 'Sign a higher `verificationFee`.',
    retryable: false,
  },
  'LY-MKT-017': {
    title: 'The outputs are too large for the delivery itself',
    remedy: 'Deliver the result root instead.',
    retryable: false,
  },
  'LY-MKT-018': {
    title: 'The market takes no new jobs at the moment',
    remedy: 'Wait until the time that the error names.',
    retryable: true,
  },
  'LY-LED-001': {
    title: "The account's free balance is too small",
    remedy:
      'Deposit more, or move committed balance back to free by its notice period.',
    retryable: false,
  },
  'LY-LED-002': {
    title: "The requester's committed balance is too small",
    remedy:
      'As a requester, deposit and commit more. As a provider, drop the order.',
    retryable: false,
  },
  'LY-LED-003': {
    title: 'The token is not allowed here',
    remedy: 'Use a token that the Ledger allows, such as LYN.',
    retryable: false,
  },
  'LY-LED-004': {
    title: 'The token moved another amount than asked for',
    remedy: 'Use another token.',
    retryable: false,
  },
  'LY-LED-005': {
    title: 'The notice period is still running',
    remedy: 'Call again after the time that the error names.',
    retryable: true,
  },
  'LY-LED-006': {
    title: 'Nothing was announced to leave',
    remedy: 'Announce the amount with `requestLeave` first.',
    retryable: false,
  },
  'LY-LED-007': {
    title: 'The amount or the address is zero',
    remedy: 'Check the parameters of the call.',
    retryable: false,
  },
  'LY-LED-008': {
    title: 'The token transfer was refused',
    remedy:
      "Check the account's token balance, and approve the contract that takes the tokens.",
    retryable: false,
  },
  'LY-STK-001': {
    title: 'There is no such provider',
    remedy: 'Register the provider first, and check the id.',
    retryable: false,
  },
  'LY-STK-002': {
    title: "Only the provider's owner key may do this",
    remedy: 'Send the call from the owner key.',
    retryable: false,
  },
  'LY-STK-003': {
    title: 'The hot key belongs to another provider',
    remedy: 'Take a fresh key.',
    retryable: false,
  },
  'LY-STK-004': {
    title: "The caller is no provider's hot key",
    remedy: 'Register a provider with this hot key, or use the right key.',
    retryable: false,
  },
  'LY-STK-005': {
    title: 'The stake would be below the minimum',
    remedy: 'Stake more.',
    retryable: false,
  },
  'LY-STK-006': {
    title: "The provider's free stake is too small",
    remedy: 'Stake more, or wait until running jobs are settled.',
    retryable: true,
  },
  'LY-STK-007': {
    title: 'The provider is jailed',
    remedy:
      'Find out why it was slashed; from the time in the error on, the owner key can `unjail` it.',
    retryable: false,
  },
  'LY-STK-008': {
    title: 'The stake is still thawing',
    remedy: 'Call again after the time that the error names.',
    retryable: true,
  },
  'LY-STK-009': {
    title: 'The payout exceeds what a slash may pay',
    remedy:
      'This is a fault in a contract that uses the stake manager. Report it.',
    retryable: false,
  },
  'LY-STK-010': {
    title: 'The hot key has not consented',
    remedy:
      'Sign the consent with the hot key for exactly this owner, role, chain and stake manager (`signHotKeyConsent`).',
    retryable: false,
  },
  'LY-STK-011': {
    title: 'The stake belongs to another role',
    remedy:
      'Use the id of a verifier for a verifier, and of a provider for a provider.',
    retryable: false,
  },
  'LY-STK-012': {
    title: 'The provider lacks a capability that the order asks for',
    remedy:
      'Set the capabilities with the owner key if the machine has them; otherwise drop the order.',
    retryable: false,
  },
  'LY-STK-013': {
    title: 'The past is asked for a time that is not over',
    remedy: 'Ask again after the next block, or for an earlier time.',
    retryable: true,
  },
  'LY-STK-014': {
    title: 'The provider is not jailed',
    remedy: 'Nothing needs to be done.',
    retryable: false,
  },
  'LY-STK-015': {
    title: 'There is no such delegation pool',
    remedy:
      'Read the nonce of the pool with `lynode stake show PROVIDER`, or ask the owner to open one.',
    retryable: false,
  },
  'LY-STK-016': {
    title: 'The delegation pool still runs',
    remedy:
      'Keep it: the next pool can be opened once this one was slashed down to its floor.',
    retryable: false,
  },
  'LY-STK-017': {
    title: 'The delegation pool is at its floor',
    remedy:
      'Delegate to the next pool once the owner has opened it, or to another provider.',
    retryable: false,
  },
  'LY-STK-018': {
    title: 'The account does not have so many shares',
    remedy:
      'Read what you have with `lynode rewards`, and undelegate at most that.',
    retryable: false,
  },
  'LY-STK-019': {
    title: "The thaw is another account's, or is withdrawn already",
    remedy: 'Withdraw with the account that undelegated.',
    retryable: false,
  },
  'LY-STK-020': {
    title: 'Running jobs may still take this stake',
    remedy: 'Call again when jobs of the provider are settled.',
    retryable: true,
  },
  'LY-STK-021': {
    title: 'The value is above its maximum',
    remedy:
      'Choose a floor of at most 9,000 and a commission of at most 3,000 basis points.',
    retryable: false,
  },
  'LY-STK-022': {
    title: 'There is nothing to claim',
    remedy: 'Claim after the next distribution to this provider.',
    retryable: true,
  },
  'LY-STK-023': {
    title: 'The account has nothing that is thawed',
    remedy:
      'Wait until the time that `lynode rewards` shows, or start a thaw first.',
    retryable: true,
  },
  'LY-REG-001': {
    title: 'The model is registered already',
    remedy: 'Nothing needs to be done: order the model by its id.',
    retryable: false,
  },
  'LY-REG-002': {
    title: 'There is no such model',
    remedy: 'Check the id, or publish the model with `lynode model publish`.',
    retryable: false,
  },
  'LY-REG-003': {
    title: 'The royalty is above the maximum',
    remedy: 'Register with a lower royalty.',
    retryable: false,
  },
  'LY-REG-004': {
    title: 'The classes are invalid',
    remedy: 'Register with the class that `lynode model check` prints.',
    retryable: false,
  },
  'LY-REG-005': {
    title: 'The model header is invalid',
    remedy:
      'Make the header with `readManifest` from the canonical file and register it unchanged.',
    retryable: false,
  },
  'LY-REG-006': {
    title: 'The model has too many activations',
    remedy: 'Split the model, or merge operators.',
    retryable: false,
  },
  'LY-DIS-001': {
    title: 'The execution cannot be disputed',
    remedy: 'Read the job with `lynode jobs show JOB_ID`.',
    retryable: false,
  },
  'LY-DIS-002': {
    title: 'Demands or proofs of this kind are closed',
    remedy:
      'Nothing more can be demanded here. Watch earlier: verifiers should run at once after a delivery.',
    retryable: false,
  },
  'LY-DIS-003': {
    title: 'The same demand exists already',
    remedy: 'Wait for the answer to the existing demand.',
    retryable: false,
  },
  'LY-DIS-004': {
    title: 'The asker has too many open demands',
    remedy: 'Wait until some are answered.',
    retryable: true,
  },
  'LY-DIS-005': {
    title: 'An index of the demand is out of range',
    remedy: "Take the indices from the model's manifest and the order's steps.",
    retryable: false,
  },
  'LY-DIS-006': {
    title: 'This kind of demand is not served',
    remedy: 'Demand chunks instead.',
    retryable: false,
  },
  'LY-DIS-007': {
    title: 'The trace has not been posted',
    remedy: 'Demand the trace of the step.',
    retryable: false,
  },
  'LY-DIS-008': {
    title: 'The model has no activations',
    remedy: 'Prove against inputs and outputs directly.',
    retryable: false,
  },
  'LY-DIS-009': {
    title: 'There is no such demand',
    remedy: 'Compute the id from the execution and the request.',
    retryable: false,
  },
  'LY-DIS-010': {
    title: 'The demand is not open',
    remedy: 'Nothing needs to be done.',
    retryable: false,
  },
  'LY-DIS-011': {
    title: "The demand's deadline has passed",
    remedy:
      'Do not retry. Look into why the answer took longer than the deadline.',
    retryable: false,
  },
  'LY-DIS-012': {
    title: "The demand's deadline is still running",
    remedy: 'Call again after the time that the error names.',
    retryable: true,
  },
  'LY-DIS-013': {
    title: 'The answer is not what was committed',
    remedy:
      'Answer with the data of that very execution. If it is lost, the provider cannot defend itself.',
    retryable: false,
  },
  'LY-DIS-014': {
    title: 'The requester has waived output demands',
    remedy: 'Prove fraud instead: a receipt waives output demands only.',
    retryable: false,
  },
  'LY-DIS-015': {
    title: 'Only the provider may do this',
    remedy: "Use the provider's hot key.",
    retryable: false,
  },
  'LY-DIS-016': {
    title: 'There is no such commit',
    remedy:
      'Commit to the proof first, then reveal it a block later with the same salt.',
    retryable: false,
  },
  'LY-DIS-017': {
    title: 'The commit exists already',
    remedy: 'Reveal the existing commit.',
    retryable: false,
  },
  'LY-DIS-018': {
    title: 'The commit is too young',
    remedy: 'Call again in the next block.',
    retryable: true,
  },
  'LY-DIS-019': {
    title: 'The time to reveal is over',
    remedy: 'If the execution is not final, commit again and reveal in time.',
    retryable: false,
  },
  'LY-DIS-020': {
    title: 'The commit can still be revealed',
    remedy: 'Call again after the time that the error names.',
    retryable: true,
  },
  'LY-DIS-021': {
    title: 'The element is not wrong',
    remedy:
      'Check the element with `judgeElement`: commit to no proof that you have not judged.',
    retryable: false,
  },
  'LY-DIS-022': {
    title: 'The execution has no outcome yet',
    remedy: 'Call again after settlement or conviction.',
    retryable: true,
  },
  'LY-DIS-023': {
    title: 'The sequencer is down',
    remedy: 'Wait until the sequencer is back.',
    retryable: true,
  },
  'LY-DIS-024': {
    title: 'The receipt is invalid',
    remedy: 'Sign the receipt again for this execution.',
    retryable: false,
  },
  'LY-PRF-001': {
    title: 'The proof is for another model',
    remedy: 'Build the proof from the model that the order names.',
    retryable: false,
  },
  'LY-PRF-002': {
    title: 'The proof names something that does not exist',
    remedy: 'Take the indices from the manifest and the order.',
    retryable: false,
  },
  'LY-PRF-003': {
    title: 'The manifest entries do not match the model',
    remedy: 'Build the proof with `buildFraudProof` from the canonical file.',
    retryable: false,
  },
  'LY-PRF-004': {
    title: 'The opened bytes are not the committed ones',
    remedy:
      "Build the proof from the provider's own committed bytes, and check every chunk before you use it.",
    retryable: false,
  },
  'LY-PRF-005': {
    title: 'No checker serves the operator',
    remedy:
      'Prove an element of another node, and report the model: it should have been refused.',
    retryable: false,
  },
  'LY-GOV-001': {
    title: 'Only another contract of the protocol may do this',
    remedy: 'Use the function that is meant for users.',
    retryable: false,
  },
  'LY-GOV-002': {
    title: 'The parameter change is invalid',
    remedy: 'Read the bounds with `boundsOf` and stay inside them.',
    retryable: false,
  },
  'LY-GOV-003': {
    title: 'There is nothing to distribute',
    remedy: 'Call again when fees have arrived.',
    retryable: true,
  },
  'LY-GOV-004': {
    title: 'There is no such proposal',
    remedy: 'List the proposals with `lynode gov ls`.',
    retryable: false,
  },
  'LY-GOV-005': {
    title: 'There is nothing left to vote with',
    remedy:
      'Delegate LYN to yourself before the next proposal: votes count as they were at the snapshot, and each once.',
    retryable: false,
  },
  'LY-GOV-006': {
    title: 'The proposal is in another state',
    remedy:
      'Look at its state with `lynode gov show ID`, and take the step that it allows.',
    retryable: true,
  },
  'LY-GOV-007': {
    title: 'It is too early for this step',
    remedy:
      'Wait until the time that `lynode gov show ID` names, then try again.',
    retryable: true,
  },
  'LY-GOV-009': {
    title: 'The account has too few votes to propose',
    remedy:
      'Delegate more LYN to the account, wait a block, and propose again.',
    retryable: true,
  },
  'LY-RWD-001': {
    title: 'It is too early to claim',
    remedy: 'Claim again after the time that the error names.',
    retryable: true,
  },
  'LY-RWD-002': {
    title: 'There is nothing to claim any more',
    remedy: 'Drop the claim.',
    retryable: false,
  },
  'LY-RWD-003': {
    title: 'The job does not count for rewards',
    remedy: 'Show settled jobs that were paid in LYN, each once.',
    retryable: false,
  },
  'LY-RWD-004': {
    title: 'The auction does not sell this now',
    remedy: 'Look at the lot and its cost first; start one when none runs.',
    retryable: true,
  },
  'LY-GOV-008': {
    title: 'No parameter change is due',
    remedy: 'Publish again when a scheduled change has reached its time.',
    retryable: true,
  },
  'LY-DIS-040': {
    title: 'No segment of several steps begins with this step',
    remedy:
      'Demand the first step of a segment of the model that has more than one step.',
    retryable: false,
  },
  'LY-DIS-041': {
    title: 'The states within the segment have not been posted',
    remedy:
      'Make a step demand for the segment, wait for its answer, then demand the state.',
    retryable: true,
  },
  'LY-TRN-001': {
    title: 'The graph cannot be trained',
    remedy:
      'Export the model without the node that `details` names, or freeze what is behind it with `trainable`.',
    retryable: false,
  },
  'LY-TRN-002': {
    title: 'The training options do not fit the graph',
    remedy: 'Correct the option that `details` names.',
    retryable: false,
  },
  'LY-TRN-003': {
    title: 'A milestone of the training failed too often',
    remedy:
      'Raise the price or the delivery time in the plan and run `lynode train` again: it goes on from the last checkpoint.',
    retryable: true,
  },
  'LY-TRN-004': {
    title: 'The training folder is of another plan',
    remedy:
      'Choose another `out` folder for the changed plan, or restore the plan of this one.',
    retryable: false,
  },
  'LY-TRN-005': {
    title: 'The dataset cannot be used',
    remedy: 'Correct what `details` names and build the dataset again.',
    retryable: false,
  },
  'LY-TRN-006': {
    title: 'The training is not what its plan says',
    remedy:
      'Do not rely on the model: ask the planner for its whole record, or see the job in `details`.',
    retryable: false,
  },
  'LY-TX-001': {
    title: 'The chain could not be reached',
    remedy:
      'Check the endpoint and that the node (or `lynode devnet`) is running, then try again.',
    retryable: true,
  },
  'LY-TX-002': {
    title: 'The contract reverted without a known reason',
    remedy:
      'Check that the address book belongs to this chain and version. The raw data is in `details`.',
    retryable: false,
  },
  'LY-TX-003': {
    title: 'The transaction was mined and reverted',
    remedy: 'Read the state again and decide again.',
    retryable: false,
  },
  'LY-TX-004': {
    title: 'The account cannot pay for the transaction',
    remedy: "Send some of the chain's coin to the account.",
    retryable: false,
  },
  'LY-TX-005': {
    title: 'The transaction could not be sent',
    remedy: 'Read the details; if they name a passing condition, try again.',
    retryable: true,
  },
  'LY-AMT-001': {
    title: 'The amount is ambiguous or malformed',
    remedy: 'Write the number with its unit.',
    retryable: false,
  },
  'LY-AMT-002': {
    title: 'The price cannot be paid in that unit here',
    remedy: 'Give the price in LYN, or name the token in the network file.',
    retryable: false,
  },
  'LY-ADR-001': {
    title: 'The address book is missing or malformed',
    remedy:
      'Point the program at the file that the deployment wrote. `lynode devnet` prints its place.',
    retryable: false,
  },
  'LY-ADR-002': {
    title: "The chain is another one than the address book's",
    remedy: 'Use the endpoint and the address book of the same chain.',
    retryable: false,
  },
  'LY-NET-001': {
    title: 'No network was found',
    remedy:
      'Start a devnet with `lynode devnet` in another terminal, or describe a network: docs/networks.md.',
    retryable: false,
  },
  'LY-NET-002': {
    title: 'The network does not answer',
    remedy: 'Start the devnet again, or correct `rpcUrl`.',
    retryable: true,
  },
  'LY-NET-003': {
    title: 'The devnet did not start',
    remedy:
      'Read the details. A port that is in use is the usual reason: choose others with the options.',
    retryable: false,
  },
  'LY-CLI-001': {
    title: 'The command line is wrong',
    remedy: 'Run the command with `--help`.',
    retryable: false,
  },
  'LY-CLI-002': {
    title: 'A file could not be read or written',
    remedy: 'Check the path.',
    retryable: false,
  },
  'LY-INT-001': {
    title: 'Something unexpected went wrong',
    remedy: 'Report it with the details.',
    retryable: false,
  },
  'LY-MDL-001': {
    title: 'The model file is not usable',
    remedy: 'Export the model again as one self-contained ONNX file.',
    retryable: false,
  },
  'LY-MDL-002': {
    title: 'The model has dynamic shapes',
    remedy: 'Fix the shape of the input: `--shape x=1,3,48,320`.',
    retryable: false,
  },
  'LY-MDL-003': {
    title: 'The model is refused',
    remedy:
      'Run `lynode model check FILE` for the list, and export the model without these operators.',
    retryable: false,
  },
  'LY-MDL-004': {
    title: 'The model file does not hash to its id',
    remedy:
      'Fetch the file from another provider. The publisher can upload it again.',
    retryable: false,
  },
  'LY-MDL-005': {
    title: 'The shape option is wrong',
    remedy: 'Correct the option; `lynode model check FILE` lists the inputs.',
    retryable: false,
  },
  'LY-IDX-001': {
    title: 'The settings of the indexer are not valid',
    remedy:
      'Correct each setting that the error names: see docs/indexer.md for all of them.',
    retryable: false,
  },
  'LY-IDX-002': {
    title: 'The indexer refuses the request',
    remedy:
      'Correct the parameter that the error names. A cursor is good for the list and filters that gave it.',
    retryable: false,
  },
  'LY-IDX-003': {
    title: 'The indexer does not know it',
    remedy:
      'Check the id, and with `/v1/status` that the indexer has reached its block.',
    retryable: true,
  },
  'LY-IDX-004': {
    title: 'The indexer does not answer',
    remedy:
      'Check that it runs and its address, or leave `indexer` out of the network file.',
    retryable: true,
  },
  'LY-INP-001': {
    title: 'The .npy file is malformed',
    remedy: 'Write it again with `numpy.save`.',
    retryable: false,
  },
  'LY-INP-002': {
    title: "The input has another dtype than the model's",
    remedy:
      'Convert the array first, for instance with `x.astype(numpy.float32)`.',
    retryable: false,
  },
  'LY-INP-003': {
    title: "The input has another shape than the model's",
    remedy:
      'Reshape, pad or crop the array, or publish the model with this shape.',
    retryable: false,
  },
  'LY-INP-004': {
    title: 'The inputs do not fit the model',
    remedy: 'Give each input of the model once: `--input name=@file.npy`.',
    retryable: false,
  },
  'LY-DAT-001': {
    title: 'The data server does not answer as it should',
    remedy:
      'Check that the provider is running and that its endpoint is reachable from here.',
    retryable: true,
  },
  'LY-DAT-002': {
    title: 'The bytes do not hash to their root',
    remedy: 'Fetch from another server, or demand the bytes on chain.',
    retryable: false,
  },
  'LY-MDL-006': {
    title: 'The interface is not that of the model',
    remedy:
      'Write it again with `lynode model types MODEL_ID`, or pass the model id alone.',
    retryable: false,
  },
  'LY-JOB-001': {
    title: 'Nobody took the order in time',
    remedy:
      'Raise the maximum price, lengthen the lock window, or check that a provider is running. Nothing was debited.',
    retryable: true,
  },
  'LY-JOB-002': {
    title: 'The job ended without a result',
    remedy: 'Order again; `lynode jobs show JOB_ID` says what happened.',
    retryable: true,
  },
  'LY-JOB-004': {
    title: 'The run was given up after its order was signed',
    remedy:
      'Follow the job with `followJob`, or withdraw the order with `cancelNonces` before it is taken: nothing is debited before.',
    retryable: false,
  },
  'LY-JOB-005': {
    title: 'The outputs of a delivered job are withheld',
    remedy:
      'Demand them: `lynode run ... --yes`, or `demand`. The provider opens them or is convicted, and you are refunded.',
    retryable: true,
  },
  'LY-JOB-006': {
    title: 'The result is not what the job commits to',
    remedy:
      'Do not use it. Fetch the outputs again with `followJob`, which checks every byte.',
    retryable: false,
  },
  'LY-JOB-007': {
    title: 'The job has no delivered result',
    remedy: 'Wait for its delivery: `lynode jobs show JOB_ID`.',
    retryable: true,
  },
  'LY-GTW-001': {
    title: 'The request wants to pay more than the gateway allows',
    remedy:
      'Lower `max_price`, or have the operator of the gateway raise the `max-price` of the model.',
    retryable: false,
  },
  'LY-GTW-002': {
    title: "The gateway's budget for this hour is spent",
    remedy:
      'Come back after the seconds in `Retry-After`, or have the operator raise `budget-per-hour`.',
    retryable: true,
  },
  'LY-GTW-003': {
    title: 'The gateway has as many requests as it takes',
    remedy:
      'Come back after the seconds in `Retry-After`, or raise `queue` or `concurrency`.',
    retryable: true,
  },
  'LY-GTW-004': {
    title: 'The inference request is malformed',
    remedy: 'Correct what the message names; docs/gateway.md shows a request.',
    retryable: false,
  },
  'LY-GTW-005': {
    title: 'The datatype is none that a model of the market has',
    remedy:
      'Convert the tensor to BOOL, UINT8, INT8, INT32, INT64, FP16, FP32 or FP64.',
    retryable: false,
  },
  'LY-GTW-006': {
    title: 'The gateway has no model of this name and version',
    remedy:
      'Ask for one that it has, or have the operator name the model in `gateway.toml`.',
    retryable: false,
  },
  'LY-GTW-007': {
    title: 'The market has no provider at the moment',
    remedy:
      'Come back later: no provider has stake, an endpoint and no jail term. Nothing was ordered.',
    retryable: true,
  },
  'LY-GTW-008': {
    title: "The gateway's configuration is wrong",
    remedy:
      'Correct each setting that the message names; docs/gateway.md lists them.',
    retryable: false,
  },
  'LY-GTW-009': {
    title: 'The request is larger than the gateway takes',
    remedy: 'Send a smaller one, or have the operator raise `max-bytes`.',
    retryable: false,
  },
  'LY-GTW-010': {
    title: 'The request is compressed',
    remedy: 'Send it without `Content-Encoding`.',
    retryable: false,
  },
  'LY-NET-004': {
    title: 'No data server is known',
    remedy:
      'Give the client `servers`, or wait until a provider has registered its endpoint.',
    retryable: true,
  },
  'LY-NET-005': {
    title: 'The network file is malformed',
    remedy: 'Correct what the details name: docs/networks.md.',
    retryable: false,
  },
  'LY-JOB-003': {
    title: 'There is no such job',
    remedy: 'Check the id and the network.',
    retryable: false,
  },
  'LY-PRF-006': {
    title: 'A checker of the contracts misbehaved',
    remedy:
      'A checker contract is at fault: report the model and the node, and prove an element of another node.',
    retryable: false,
  },
  'LY-PRF-007': {
    title: 'The derived operands go too deep',
    remedy:
      'Prove an element of another node, and report how the model was published.',
    retryable: false,
  },
  'LY-DIS-025': {
    title: 'The value is not a committed one',
    remedy: 'Demand an input, an activation or an output.',
    retryable: false,
  },
  'LY-LED-009': {
    title: 'The announced exit has lapsed',
    remedy:
      'Announce it again with `requestLeave`, and leave after the notice period.',
    retryable: false,
  },
  'LY-REG-007': {
    title: 'There are no checkers yet',
    remedy: 'Register the checkers first: the deploy script does.',
    retryable: false,
  },
  'LY-DEMO-001': {
    title: 'A story of the demo ended otherwise than it must',
    remedy:
      'Run the demo again with nothing else running. If it fails again, report it with its logs.',
    retryable: false,
  },
  'LY-RUNNER-001': {
    title: 'The model did not run',
    remedy: 'Check the model and its inputs with `lynode model check`.',
    retryable: false,
  },
  'LY-RUNNER-002': {
    title: 'The run took too long',
    remedy:
      'Raise `deadlineSeconds`, or leave models of this size to faster machines.',
    retryable: true,
  },
  'LY-RUNNER-003': {
    title: 'The run used too much memory',
    remedy:
      'Raise `memoryMiB`, or leave models of this size to larger machines.',
    retryable: false,
  },
  'LY-RUNNER-004': {
    title: 'The runner died',
    remedy:
      'Try again; if it dies again, the model crashes the ONNX runtime: do not serve it.',
    retryable: true,
  },
  'LY-RUNNER-005': {
    title: 'The runner did not start',
    remedy:
      'Check that `onnxruntime-node` is installed for this platform, and that there is memory left.',
    retryable: true,
  },
  'LY-RUNNER-006': {
    title: 'The runner is closed',
    remedy: 'Nothing: the daemon is being stopped.',
    retryable: false,
  },
  'LY-RUNNER-007': {
    title: 'No execution provider passed the self-test',
    remedy:
      'Run `lynode doctor`, fix what it says of the kernels of this machine, or set `executionProviders = ["cpu"]`.',
    retryable: false,
  },
  'LY-QUEUE-001': {
    title: 'The queue cannot be had',
    remedy:
      'Check the URL, that PostgreSQL runs, and that the user may create a schema.',
    retryable: true,
  },
  'LY-QUEUE-002': {
    title: 'The worker is of another kind than its coordinator',
    remedy:
      'Use machines with the same processor, execution provider, `threads` and version as the provider.',
    retryable: false,
  },
  'LY-QUEUE-003': {
    title: 'The workers gave a piece of work up',
    remedy: 'Look at the logs of the workers; the provider tries again.',
    retryable: true,
  },
  'LY-BLOB-001': {
    title: 'The blob is not here',
    remedy: 'Ask another source, or upload it with `PUT /v1/blobs`.',
    retryable: true,
  },
  'LY-BLOB-002': {
    title: 'The blob or document is too large',
    remedy: 'Send a smaller one, or raise the limit of the server.',
    retryable: false,
  },
  'LY-BLOB-003': {
    title: 'The bytes do not hash to their root',
    remedy: 'Ask another source: this one serves wrong bytes.',
    retryable: false,
  },
  'LY-BLOB-004': {
    title: 'The range lies outside the blob',
    remedy: 'Ask for bytes or chunks inside the blob.',
    retryable: false,
  },
  'LY-BLOB-005': {
    title: 'No source has the data',
    remedy:
      'Add a source to the configuration, or ask the owner to upload it again.',
    retryable: true,
  },
  'LY-BLOB-006': {
    title: 'The data server did not take the upload',
    remedy: 'Try another provider or relay.',
    retryable: true,
  },
  'LY-BLOB-007': {
    title: 'Too many requests or bytes',
    remedy: 'Wait for the seconds of `retry-after`, and ask again.',
    retryable: true,
  },
  'LY-BLOB-008': {
    title: 'The data server has no room',
    remedy:
      'Upload to another data server; its operator may raise `diskMiB` or free the disk.',
    retryable: true,
  },
  'LY-DOC-001': {
    title: 'The document is malformed',
    remedy: 'See docs/protocol.md section 7 for the three kinds.',
    retryable: false,
  },
  'LY-DOC-002': {
    title: 'The document is not here',
    remedy: 'Ask another source.',
    retryable: true,
  },
  'LY-HTTP-001': {
    title: 'The server cannot listen at its address',
    remedy: 'Stop what uses the port, or give another.',
    retryable: true,
  },
  'LY-HTTP-400': {
    title: 'The request is malformed',
    remedy:
      'Correct the parameter that the message names; docs/protocol.md section 7 has the calls.',
    retryable: false,
  },
  'LY-HTTP-404': {
    title: 'There is no such call',
    remedy: 'See docs/protocol.md section 7 for the calls of a data server.',
    retryable: false,
  },
  'LY-HTTP-500': {
    title: 'The data server failed',
    remedy: 'Look into the log of the daemon behind it.',
    retryable: true,
  },
  'LY-DB-001': {
    title: 'The state is of a newer version',
    remedy:
      'Install the newer version of Lynode again: the folder may hold what is owed.',
    retryable: false,
  },
  'LY-DB-002': {
    title: 'The state belongs to something else',
    remedy: 'Use another `dataDir` for another chain or another hot key.',
    retryable: false,
  },
  'LY-KEY-001': {
    title: 'The hot key is missing',
    remedy:
      'Put the hot key into the environment variable or the file that the configuration names.',
    retryable: false,
  },
  'LY-KEY-002': {
    title: 'The hot key is malformed',
    remedy: 'A hot key is 32 bytes of 0x-hex.',
    retryable: false,
  },
  'LY-KEY-003': {
    title: 'Others can read the key file',
    remedy: 'Run `chmod 600` on the file.',
    retryable: false,
  },
  'LY-KEY-004': {
    title: 'The password does not open the keystore',
    remedy:
      'Give the password that the keystore was made with, or a copy of the keystore that is whole.',
    retryable: false,
  },
  'LY-KEY-005': {
    title: 'The password of the keystore is missing',
    remedy:
      'Name a file of mode 0600 in `passwordFile`, or use `--password-stdin`.',
    retryable: false,
  },
  'LY-KEY-006': {
    title: 'Another process uses this key',
    remedy:
      'Stop the other process (`fuser FILE` names it), or give this one a key of its own.',
    retryable: true,
  },
  'LY-KEY-007': {
    title: 'The remote signer does not sign',
    remedy:
      'Check that the signer runs in its `eth1` mode, at that address, and has loaded the key.',
    retryable: true,
  },
  'LY-KEY-008': {
    title: 'There is a key file already',
    remedy: 'Choose another file. Keys are never overwritten.',
    retryable: false,
  },
  'LY-CHK-001': {
    title: 'Node.js is too old',
    remedy: 'Install Node.js 20.20 or newer.',
    retryable: false,
  },
  'LY-CHK-002': {
    title: 'The processor has no vector instructions',
    remedy: 'Expect long runs: raise `pricePerSecond`, or use another machine.',
    retryable: false,
  },
  'LY-CHK-003': {
    title: 'This machine does not compute what the checkers accept',
    remedy:
      'Do not sell from it: its numbers would convict it. Take another execution provider, and turn TF32 off.',
    retryable: false,
  },
  'LY-CHK-004': {
    title: 'There is too little memory',
    remedy: 'Lower `memoryMiB`, or add memory.',
    retryable: false,
  },
  'LY-CHK-005': {
    title: 'There is too little disk',
    remedy: 'Free some space in `dataDir`, or move it.',
    retryable: false,
  },
  'LY-CHK-006': {
    title: 'A child process cannot be killed',
    remedy:
      'Check that the container or sandbox lets a process send SIGKILL to its children.',
    retryable: false,
  },
  'LY-CHK-007': {
    title: 'The head of the chain is old',
    remedy:
      'Check that the node behind `rpc` is synchronised, or take another one.',
    retryable: true,
  },
  'LY-CHK-008': {
    title: 'The endpoint refuses requests for logs',
    remedy:
      'Take an endpoint that serves `eth_getLogs` for 1,000 blocks at once.',
    retryable: false,
  },
  'LY-CHK-009': {
    title: 'The clock is off',
    remedy: 'Synchronise the clock of this machine, for example with chrony.',
    retryable: true,
  },
  'LY-CHK-010': {
    title: 'Contracts of the address book are missing',
    remedy:
      'Take the address book that this deployment wrote, and a release that fits it.',
    retryable: false,
  },
  'LY-CHK-011': {
    title: 'There is too little gas money',
    remedy: "Send some of the chain's coin to the hot key.",
    retryable: false,
  },
  'LY-CHK-012': {
    title: 'The stake is too small',
    remedy: 'Stake more with `lynode stake`, or lower `maxCollateral`.',
    retryable: false,
  },
  'LY-CHK-013': {
    title: 'The data server cannot be reached at its registered address',
    remedy:
      'Set the endpoint of the provider to an address that strangers reach, and open its port.',
    retryable: true,
  },
  'LY-CHK-014': {
    title: 'The database is damaged',
    remedy:
      'Stop the daemon, keep a copy of the file, and restore it; see the page of this code.',
    retryable: false,
  },
  'LY-CHAIN-001': {
    title: 'The endpoint serves another chain',
    remedy: 'Use an endpoint and an address book of the same chain.',
    retryable: false,
  },
  'LY-CHAIN-002': {
    title: 'No block has been read yet',
    remedy: 'Wait: the daemon tries again by itself.',
    retryable: true,
  },
  'LY-CHAIN-003': {
    title: 'The chain does not answer',
    remedy: 'Check `rpc` in the configuration and whether the node is running.',
    retryable: true,
  },
  'LY-CHAIN-004': {
    title: 'The header of a block is not of a known form',
    remedy: 'Leave the seed to the oracle, and report the chain.',
    retryable: false,
  },
  'LY-CONFIG-001': {
    title: 'The configuration is wrong',
    remedy: 'Correct every line that the message names.',
    retryable: false,
  },
  'LY-NODE-001': {
    title: "The hot key is no provider's",
    remedy: 'Register the provider with this hot key, and stake.',
    retryable: false,
  },
  'LY-STEP-001': {
    title: 'A step lacks an input',
    remedy: 'Upload the inputs that the manifest of the model names.',
    retryable: false,
  },
  'LY-MODEL-001': {
    title: 'The file gives another model',
    remedy: 'Do not use this model.',
    retryable: false,
  },
  'LY-MODEL-002': {
    title: 'The model file is too large',
    remedy: 'Raise `memoryMiB`, or leave the model to larger machines.',
    retryable: false,
  },
  'LY-MODEL-003': {
    title: 'The traced run gives other bits',
    remedy:
      'Do not serve this model on this machine; report the model and the processor.',
    retryable: false,
  },
  'LY-MODEL-004': {
    title: 'A trace would not fit into memory',
    remedy: 'Raise `memoryMiB`, or leave the model to larger machines.',
    retryable: false,
  },
  'LY-MODEL-005': {
    title: 'The model computes for longer than the job allows',
    remedy:
      'Give more time to deliver, or run a smaller model. The provider leaves the order alone.',
    retryable: false,
  },
  'LY-MODEL-006': {
    title: 'The numeric profile is not kept',
    remedy: 'Leave the model to other machines.',
    retryable: false,
  },
  'LY-RLY-001': {
    title: 'The message for the relay is malformed',
    remedy:
      'Send what docs/protocol.md section 7 describes: every field, no other, wide numbers as decimal strings.',
    retryable: false,
  },
  'LY-RLY-002': {
    title: 'The relay does not carry this message',
    remedy:
      'Sign it again with the right key, a fresh nonce and an expiry in the future.',
    retryable: false,
  },
  'LY-RLY-003': {
    title: 'The requester has not committed enough for the order',
    remedy:
      'Deposit into the committed balance of the Ledger, then send the order again.',
    retryable: true,
  },
  'LY-RLY-004': {
    title: 'Too many messages from this address',
    remedy: 'Wait a few seconds, or use another relay.',
    retryable: true,
  },
  'LY-RLY-005': {
    title: 'No relay took or answered the message',
    remedy:
      'Name other relays, or announce the order on chain with `--announce`.',
    retryable: true,
  },
  'LY-RLY-006': {
    title: 'The relay does not have this message',
    remedy: 'Ask another relay, or read the chain.',
    retryable: true,
  },
  'LY-DB-003': {
    title: 'No daemon has kept its state there',
    remedy: 'Name the `dataDir` of the daemon with `--data-dir`.',
    retryable: false,
  },
  'LY-DB-004': {
    title: 'The state of the daemon cannot be read or written',
    remedy:
      'Make room on the disk of `dataDir`, and see that this user may write there.',
    retryable: true,
  },
  'LY-QUO-001': {
    title: 'This server gives no quotes',
    remedy: 'Ask a provider that quotes: `lynode offer ls` names them.',
    retryable: false,
  },
  'LY-QUO-002': {
    title: 'The provider does not want this job',
    remedy: 'Change what the reason names, or ask another provider.',
    retryable: true,
  },
  'LY-QUO-003': {
    title: 'No provider made a quote',
    remedy:
      'Read the reasons above, raise `--max-price`, or buy by the ramp without `--quote`.',
    retryable: true,
  },
  'LY-CLI-003': {
    title: 'The transaction was not confirmed',
    remedy:
      'Say yes at the prompt, or add `--yes` where there is no terminal; `--dry-run` shows the call alone.',
    retryable: false,
  },
  'LY-OUTBOX-002': {
    title: 'The transaction was cancelled by its owner',
    remedy: 'Nothing: what is still owed is sent again under another nonce.',
    retryable: true,
  },
  'LY-OUTBOX-003': {
    title: 'No transaction waits under that nonce',
    remedy: 'See `lynode tx ls`.',
    retryable: false,
  },
  'LY-OUTBOX-004': {
    title: 'A higher fee would be above the cap',
    remedy:
      'Wait until the transaction is mined, or the fees of the chain fall.',
    retryable: true,
  },
  'LY-OUTBOX-001': {
    title: 'The transaction needs too much gas',
    remedy: 'Split the call, or prove another element.',
    retryable: false,
  },
  'LY-MKT-019': {
    title: 'The order names other providers',
    remedy:
      'Drop the order, or prove membership with `providerSet` over the list that the requester published.',
    retryable: false,
  },
  'LY-MKT-020': {
    title: 'The collateral backs less than the price and the value at risk',
    remedy:
      'Raise `collateral`, or lower `maxPrice` or `valueAtRisk`; a provider may lock earlier.',
    retryable: true,
  },
  'LY-MKT-021': {
    title: 'This lock cannot be declined',
    remedy: 'Deliver the job, or let it expire and pay for it.',
    retryable: false,
  },
  'LY-MKT-022': {
    title: 'The time to decline is over',
    remedy: 'Deliver the job, or let it expire and pay for it.',
    retryable: false,
  },
  'LY-OFF-001': {
    title: "Only the offer's provider may do this",
    remedy:
      'Send the call from the hot key or the owner key of the provider that the offer names.',
    retryable: false,
  },
  'LY-OFF-002': {
    title: "The offer's signature is not the provider's hot key's",
    remedy:
      'Drop the offer and ask the provider for a new one: its hot key may have been rotated.',
    retryable: false,
  },
  'LY-OFF-003': {
    title: 'The offer has expired',
    remedy: 'Take another offer, or ask the provider for a new one.',
    retryable: false,
  },
  'LY-OFF-004': {
    title: 'The offer has fewer steps left',
    remedy: 'Fill what is left with a smaller order, or take another offer.',
    retryable: false,
  },
  'LY-OFF-005': {
    title: 'The offer does not allow this order',
    remedy:
      'Change the field that the error names to what the offer says, and sign the order again.',
    retryable: false,
  },
  'LY-SEA-001': {
    title: 'The order has an auction already',
    remedy: 'Use the auction that exists, or sign an order with another nonce.',
    retryable: false,
  },
  'LY-SEA-002': {
    title: 'The order has no sealed auction',
    remedy:
      'Open one first, or check that the order is unchanged: every field is part of its id.',
    retryable: false,
  },
  'LY-SEA-003': {
    title: 'The schedule of the auction makes no sense',
    remedy:
      'Choose now < commitEnd < revealEnd <= the `rampStart` of the order, within 30 days and before the end of its lock window.',
    retryable: false,
  },
  'LY-SEA-004': {
    title: 'The auction takes no more bids',
    remedy: 'Wait for the next auction.',
    retryable: false,
  },
  'LY-SEA-005': {
    title: 'The reveals of the auction are over',
    remedy: 'Its bond is forfeited. Let the provider daemon reveal in time.',
    retryable: false,
  },
  'LY-SEA-006': {
    title: 'The reveals of the auction are not over',
    remedy: 'Call again after the time that the error names.',
    retryable: true,
  },
  'LY-SEA-007': {
    title: 'The provider has bid already',
    remedy: 'Do not bid again: one bid a provider, which cannot be changed.',
    retryable: false,
  },
  'LY-SEA-008': {
    title: 'There is no such bid to act on',
    remedy:
      'Read the bid: it was never made, is revealed already, or is closed.',
    retryable: false,
  },
  'LY-SEA-009': {
    title: 'Price and salt are not what the bid committed to',
    remedy:
      'Reveal with exactly the price, salt, provider, chain and order of the commitment.',
    retryable: false,
  },
  'LY-SEA-010': {
    title: "The bid is above the order's maximum",
    remedy:
      'Nothing can be done for this bid: its bond is forfeited. Bid at most `maxPrice`.',
    retryable: false,
  },
  'LY-SEA-011': {
    title: 'The auction has no winner to lock',
    remedy: 'Lock the order by its ramp instead.',
    retryable: false,
  },
  'LY-SEA-012': {
    title: 'The winner can still be locked',
    remedy:
      'Lock the winner, or call again after the time that the error names.',
    retryable: true,
  },
  'LY-ORA-001': {
    title: 'There is no healthy dollar price of the token',
    remedy:
      'Wait, or price the order in the pay token: an unhealthy feed stops dollar locks only.',
    retryable: true,
  },
  'LY-ORA-002': {
    title: 'The LYN rate of the token has lapsed',
    remedy:
      'Ask anyone to `pokePrice` the token, or pay in LYN: a lapsed rate stops locks in that token only.',
    retryable: true,
  },
  'LY-CAL-001': {
    title: 'The job is not settled',
    remedy: 'Settle the job first, then call back.',
    retryable: true,
  },
  'LY-CAL-002': {
    title: 'The order has no callback',
    remedy: 'Drop the call: nobody is to be called, and there is no fee.',
    retryable: false,
  },
  'LY-CAL-003': {
    title: 'The callback of the job is done',
    remedy: 'Drop the call: a job has one callback, or one reclaim of its fee.',
    retryable: false,
  },
  'LY-CAL-004': {
    title: 'The outputs are not those of the result',
    remedy:
      'Pass headers and committed bytes of the outputs of the last step that are not carried, in graph order, with the path of the last segment.',
    retryable: false,
  },
  'LY-CAL-005': {
    title: 'The call has too little gas for the consumer',
    remedy: 'Send the call again with the gas that the error names.',
    retryable: true,
  },
  'LY-CAL-006': {
    title: 'The callback can still be made',
    remedy:
      'Make the call, or reclaim the fee after the time that the error names.',
    retryable: true,
  },
  'LY-ZK-001': {
    title: 'The delivery does not have the tensors of the model',
    remedy:
      'Deliver inputs and outputs of every step in the shapes of the model, with one proof a step.',
    retryable: false,
  },
  'LY-ZK-002': {
    title: 'The inputs are not those that the order names',
    remedy:
      "Deliver the committed bytes of the order's inputs: their root must be the order's `inputRoot`.",
    retryable: false,
  },
  'LY-ZK-003': {
    title: 'The verifier rejects the proof',
    remedy:
      'Prove again, with the circuit and the key that the model is bound to, for exactly these inputs and outputs.',
    retryable: false,
  },
  'LY-ZK-004': {
    title: 'Too little gas for the verification',
    remedy: 'Send the delivery with a higher gas limit.',
    retryable: true,
  },
  'LY-ZK-005': {
    title: 'There is no such verifier, or it cannot be added',
    remedy:
      "Deploy the verifier that ezkl generated for the model's key, and add that address.",
    retryable: false,
  },
  'LY-ZK-006': {
    title: 'The model has no circuit that can be bought',
    remedy:
      'Order the model under another class, or one whose verifier was not retired.',
    retryable: false,
  },
  'LY-ZK-007': {
    title: 'The model cannot be bound to this circuit',
    remedy:
      "Bind once, from the publisher's account, a model without carry whose tensors are float32 in the order of their axes.",
    retryable: false,
  },
  'LY-ZK-008': {
    title: 'A number does not fit the circuit',
    remedy: 'Use finite inputs of ordinary size: below 2^124 after scaling.',
    retryable: false,
  },
  'LY-ZK-009': {
    title: 'This is not how the class is delivered',
    remedy:
      'Deliver class zk with a proof (`deliverProved`), and every other class without one.',
    retryable: false,
  },
  'LY-ZK-010': {
    title: 'Python or ezkl could not be had',
    remedy:
      'Install Python 3.9 or newer with `venv` (or `uv`), and allow access to Python packages.',
    retryable: true,
  },
  'LY-ZK-011': {
    title: 'The model does not fit a circuit',
    remedy:
      'Use linear layers, convolutions with stride, element-wise activations, at most 100,000 parameters and float32, or publish under class `float`.',
    retryable: false,
  },
  'LY-ZK-012': {
    title: 'The structured reference string cannot be used',
    remedy:
      'Import a string of a powers-of-tau ceremony with `lynode srs import FILE.ptau --sha256 HASH`.',
    retryable: false,
  },
  'LY-ZK-013': {
    title: 'The prover did not finish',
    remedy:
      'Give the prover more memory or time, or leave orders of this model to others.',
    retryable: true,
  },
  'LY-ZK-014': {
    title: 'The proof is not valid',
    remedy:
      "Do not use the result; tell the model's publisher if the chain accepted it.",
    retryable: false,
  },
  'LY-ZK-015': {
    title: "The circuit's files are not those of the model",
    remedy:
      'Fetch them again by their roots; if they still differ, do not use the model.',
    retryable: false,
  },
  'LY-ACC-001': {
    title: 'The sum in parts is not in a state that allows this',
    remedy:
      'Read its state again and continue from where it stands: anybody may have advanced it.',
    retryable: true,
  },
  'LY-ACC-002': {
    title: 'The time of the sum in parts is over, or not yet',
    remedy:
      'A lapsed sum is opened again; a bond is claimed once the time that the error names has passed.',
    retryable: true,
  },
  'LY-ACC-003': {
    title: 'The part does not continue the sum',
    remedy: 'Take the parts that `buildAccumulation` makes, in their order.',
    retryable: false,
  },
  'LY-ACC-004': {
    title: 'There is no gas to repay',
    remedy:
      'Nothing needs to be done: it was paid already, or this account advanced nothing.',
    retryable: false,
  },
  'LY-ATT-001': {
    title: 'The verifier does not answer for that',
    remedy:
      'Dispute what the verifier has revealed: the audited step, and its own activations.',
    retryable: false,
  },
  'LY-ATT-002': {
    title: 'The case exists already, or does not exist',
    remedy: 'Use the case id of the event `CaseOpened`.',
    retryable: false,
  },
  'LY-ATT-003': {
    title: 'The case is closed, or not final yet',
    remedy: 'A closed case is over; others close after the time in the error.',
    retryable: true,
  },
  'LY-AUD-001': {
    title: 'The epoch of audits is not in a state that allows this',
    remedy:
      'Look at the epoch (`epochOf`), and at the time or the block that the error names.',
    retryable: true,
  },
  'LY-AUD-002': {
    title: 'The header is not that of the block',
    remedy:
      'Send the RLP of the header of exactly the block that the epoch names.',
    retryable: false,
  },
  'LY-AUD-003': {
    title: 'The verifier is not drawn for this execution',
    remedy:
      'Compute the draw with `seatsOf` of AuditManager, or let the verifier daemon do it.',
    retryable: false,
  },
  'LY-AUD-004': {
    title: 'What is revealed is not what was committed to',
    remedy:
      'Reveal exactly the trace root, finding and salt whose hash was committed.',
    retryable: false,
  },
  'LY-AUD-005': {
    title: 'That part of the audit is done already',
    remedy: 'Nothing needs to be done: it is on the chain.',
    retryable: false,
  },
  'LY-AUD-006': {
    title: 'The window of the audit is closed, or not open yet',
    remedy: 'Act between the two times that the error names.',
    retryable: true,
  },
  'LY-AUD-007': {
    title: 'There is nothing to audit',
    remedy: 'Read the job with `lynode jobs show JOB_ID`.',
    retryable: false,
  },
  'LY-AUD-008': {
    title: "Nothing of the verifier's stake is reserved for this execution",
    remedy:
      'Nothing needs to be done: it was released or slashed, or never reserved.',
    retryable: false,
  },
  'LY-AUD-009': {
    title: 'The sequencer was down while the audit ran',
    remedy: 'Nothing: who could not send transactions is not reported.',
    retryable: false,
  },
  'LY-CAN-001': {
    title: 'The execution is not a canary',
    remedy:
      'Open it with the order, result and salt that were committed to before the lock.',
    retryable: false,
  },
  'LY-CAN-002': {
    title: 'The canary is not delivered, or not open',
    remedy:
      'Open it after the delivery and before it settles; prove against verifiers after that.',
    retryable: true,
  },
  'LY-CAN-003': {
    title: 'Only the curator commits to canaries',
    remedy: 'Send it from the account that `curator` of Canaries names.',
    retryable: false,
  },
  'LY-DIS-026': {
    title: 'Only another contract of the protocol may call this',
    remedy: 'Call the function that the documentation of the contract names.',
    retryable: false,
  },
  'LY-DIS-027': {
    title: 'This value or operator has no demand of this kind',
    remedy:
      'Demand witnesses of extremes, tensors of boundary values, and anything else by chunks.',
    retryable: false,
  },
} as const

/** A code such as `LY-MKT-005`. */
export type ErrorCode = keyof typeof catalogue
