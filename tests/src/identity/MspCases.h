#pragma once

#include <optional>
#include <thread>

#include "fabric/msp/msp_principal.pb.h"
#include "src/base/Clock.h"
#include "tests/src/identity/Issuing.h"
#include "tests/support/TestMain.h"

/// What the tests of MSPs share: principals, identities and certificates made for a case.
namespace chancery::test {

using namespace identity;

using Classification = ::common::MSPPrincipal::Classification;

::common::MSPPrincipal principalOf(Classification kind, BytesView content);

::common::MSPPrincipal role(::common::MSPRole::MSPRoleType type,
                            const std::string& msp = "TestMSP");

::common::MSPPrincipal unit(const std::string& name, const Bytes& certifiers,
                            const std::string& msp = "TestMSP");

::common::MSPPrincipal combined(std::initializer_list<::common::MSPPrincipal> parts);

::common::MSPPrincipal anonymity(::common::MSPIdentityAnonymity::MSPIdentityAnonymityType type);

Bytes serialized(const Certificate& certificate, const std::string& msp = "TestMSP");

IdentityPtr identityOf(const MspPtr& msp, const Certificate& certificate);

bool satisfies(const MspPtr& msp, const Certificate& certificate,
               const ::common::MSPPrincipal& principal);

MspPtr valueOf(Result<MspPtr> msp);

Bytes crlOf(const Holder& ca, std::initializer_list<Certificate> revoked);

/// The same certificate with the other half of S.
Certificate highS(const Certificate& certificate);

class FixedClock final : public Clock {
public:
    explicit FixedClock(absl::Time time) : m_time(time) {}
    absl::Time now() const override { return m_time; }

private:
    absl::Time m_time;
};

/// An MSP with one root, new for each test function.
class MspCases : public QObject {
    Q_OBJECT
private slots:
    void init();

protected:
    std::optional<Holder> m_root;
    MspParts m_parts;
};

}  // namespace chancery::test
