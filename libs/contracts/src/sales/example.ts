/** The order that the examples of all departments tell about. */
export const exampleOrderId = '019c9f4e-7a10-7c3e-9b52-3f6a5d1e0c01';
