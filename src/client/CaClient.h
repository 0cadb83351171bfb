#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "src/interfaces/CertificateAuthority.h"

namespace chancery::client {

/// CAs over HTTPS, by the REST interface of Fabric CA (its swagger file, v1): ours and Fabric's.
/// One connection for each address, whoever asks over it; calls over it run one after the other.
class CaClient final : public interfaces::CaConnector {
public:
    CaClient();
    ~CaClient() override;

    Result<std::shared_ptr<interfaces::CertificateAuthority>> authority(
        const interfaces::CaAddress& ca, const interfaces::CaCaller& caller) override;
    Result<std::shared_ptr<interfaces::IdentityRegistry>> registry(
        const interfaces::CaAddress& ca, const interfaces::CaCaller& caller) override;

    class Session;

private:
    struct Place;
    Result<std::shared_ptr<Session>> session(const interfaces::CaAddress& ca,
                                             const interfaces::CaCaller& caller);

    std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<Place>> m_places;
};

}  // namespace chancery::client
