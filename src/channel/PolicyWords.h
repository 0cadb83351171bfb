#pragma once

#include <string>

namespace common {
class Policy;
}

namespace chancery::channel {

/// A policy in one line: "ANY Readers", "OR('AlphaMSP.admin', 'BetaMSP.admin')", and for what
/// Fabric's text language cannot say "3 of (BftOneMSP identity CN=…, …)". Never fails: what cannot
/// be read is described by its bytes.
std::string describePolicy(const ::common::Policy& policy);

}  // namespace chancery::channel
