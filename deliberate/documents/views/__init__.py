"""The pages of documents and remarks: what people read and write, and the officer's desk."""
