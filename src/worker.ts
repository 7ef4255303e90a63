/** Entry of a scanning thread: joins the engine to the sources. */
import { serve } from './engine/worker.ts';
import { feedWith } from './sources/feed.ts';

serve(feedWith);
