import { connect } from '../rpc/channel';
import { toParent } from '../rpc/process';
import { typed } from '../rpc/typed';

typed(connect(toParent()));
