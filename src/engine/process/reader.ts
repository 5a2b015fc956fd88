import './language';
import { describeReadingFailure } from './failure';
import { readingHandlers } from './reading/index';
import { serve } from './serve';

/** Entry of the process that reads and judges models for the editor, without any runtime. */
serve(readingHandlers(), describeReadingFailure);
