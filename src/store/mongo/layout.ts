/** Of the documents in MongoDB. It grows with each change that an older version would misread. */
export const MONGO_LAYOUT = 2
