// That a certificate is parsed and judged once: the first meeting costs signature checks, each
// further one a look-up.
#include "src/base/Status.h"
#include "tests/bench/Bench.h"
#include "tests/bench/Members.h"

namespace chancery::bench {
namespace {

Status identityCache(Report& report) {
    ASSIGN_OR_RETURN(
        const auto member,
        memberOfVectors("peerOrganizations/beta.pub.test/peers/peer0.beta.pub.test", "BetaMSP"));
    const Bytes& serialized = member->serialized();
    std::vector<double> first;
    for (int i = 0; i < 30; ++i) {
        ASSIGN_OR_RETURN(const auto msps, membersOfVectors());
        const double start = threadCpuSeconds();
        ASSIGN_OR_RETURN(const auto identity, msps->deserialize(serialized));
        RETURN_IF_ERROR(msps->validate(*identity));
        first.push_back(threadCpuSeconds() - start);
    }
    ASSIGN_OR_RETURN(const auto msps, membersOfVectors());
    ASSIGN_OR_RETURN(const auto known, msps->deserialize(serialized));
    RETURN_IF_ERROR(msps->validate(*known));
    Status fault;
    bool same = true;
    const double again = perCpuSecond([&] {
        const auto identity = msps->deserialize(serialized);
        if (!identity.ok()) {
            fault = identity.status();
            return;
        }
        same = same && *identity == known;
        if (Status status = msps->validate(**identity); !status.ok()) fault = status;
    });
    RETURN_IF_ERROR(fault);
    report.figure("identity_first_time_us", 1e6 * median(first));
    report.figure("identity_again_us", 1e6 / again,
                  {.atLeast = {}, .atMost = 1e6 * median(first) / 50});
    // 1 when every look-up gave the very object that was made the first time.
    report.figure("identity_same_object", same ? 1 : 0, {.atLeast = 1, .atMost = {}});
    return absl::OkStatus();
}

const Registration kIdentity("identity", identityCache);

}  // namespace
}  // namespace chancery::bench
