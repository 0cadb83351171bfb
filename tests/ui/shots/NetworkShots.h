#pragma once

#include "tests/ui/shots/Studio.h"

namespace chancery::test {

/// The pages of a network, on the one of the design's pictures.
void shootNetwork(Studio& studio);

}  // namespace chancery::test
