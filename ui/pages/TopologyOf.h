#pragma once

#include "ui/widgets/TopologyPicture.h"

namespace chancery::ui {

class NetworkModel;

/// The network as it is drawn: a column for each organisation, or for each host.
TopologyPicture topologyOf(const NetworkModel& model, bool byHost);

}  // namespace chancery::ui
