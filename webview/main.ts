/** Entry of the page in the model editor: defines the elements, of which the first is `<shiftlint-app>`. */
import './language';
import './app/app';
