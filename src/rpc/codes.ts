/** Error codes of the Language Server Protocol (3.17) for what JSON-RPC has none for: understood, but it could not be done. */
export const requestFailed = -32_803;

/** Nobody waits for the answer any more. */
export const requestCancelled = -32_800;
