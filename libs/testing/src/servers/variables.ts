/** How the global set-up tells Jest's workers where the servers are: JSON of Broker and Database. */
export const brokerVariable = 'RETAGUARDA_TEST_BROKER';
export const databaseVariable = 'RETAGUARDA_TEST_DATABASE';
