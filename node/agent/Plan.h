#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "node/agent/NodeName.h"
#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::agent::v1 {
class ApplyRequest;
class NodePlan;
}  // namespace chancery::agent::v1

namespace chancery::agent {

struct PlannedFile {
    bool isSecret = false;
    Bytes content;
};

/// A node as it shall be.
struct Plan {
    NodeName name;
    std::string kind;
    std::string engine;
    std::string version;  ///< empty: the newest there is
    std::map<std::string, std::string> endpoints;
    std::map<std::string, std::string> labels;
    bool startsWithAgent = true;
    std::map<std::string, PlannedFile> files;  ///< by path below the node's folder
};

inline constexpr std::size_t kMaxPlanFiles = 10'000;
inline constexpr std::size_t kMaxPlanBytes = 64U << 20;

/// A path that stays below its folder: parts of visible characters, none of them "." or "..", at
/// most 16 of at most 255 bytes. INVALID_ARGUMENT (BAD_PLAN) with `path`.
Status checkPath(const std::string& path);

/// Puts a plan together that comes in pieces. Total.
class PlanReader {
public:
    /// INVALID_ARGUMENT (BAD_PLAN, BAD_NODE_NAME), RESOURCE_EXHAUSTED (PLAN_TOO_LARGE).
    Status add(const v1::ApplyRequest& part);
    /// After the last part.
    Result<Plan> finish();

private:
    Status begin(const v1::NodePlan& plan);

    Plan m_plan;
    bool m_hasBegun = false;
    PlannedFile* m_file = nullptr;
    std::size_t m_bytes = 0;
};

}  // namespace chancery::agent
