import '../../../src/amp/readingThread';
