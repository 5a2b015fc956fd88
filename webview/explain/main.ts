/** Entry of the Explain page: defines the elements, of which the first is `<shiftlint-explain>`. */
import '../language';
import './page';
