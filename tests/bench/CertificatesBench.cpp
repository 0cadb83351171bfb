// Whether the inventory of a large consortium answers while somebody types.
#include "src/crypto/Key.h"
#include "src/identity/Issue.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/ForecastCertificates.h"
#include "tests/bench/Bench.h"

namespace chancery::bench {
namespace {

constexpr std::size_t kInventoried = 100'000;

double msOf(const std::function<void()>& body) {
    std::vector<double> runs;
    for (int i = 0; i < 5; ++i) {
        const double start = threadCpuSeconds();
        body();
        runs.push_back(1e3 * (threadCpuSeconds() - start));
    }
    return median(std::move(runs));
}

Status inventoryOfMany(Report& report) {
    ASSIGN_OR_RETURN(const auto caKey,
                     crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    ASSIGN_OR_RETURN(const auto key, crypto::PrivateKey::generate(crypto::KeyAlgorithm::EcdsaP256));
    const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
    ASSIGN_OR_RETURN(const auto ca, identity::issueSelfSigned(
                                        identity::fabricCaRoot({.commonName = "ca"}, now), caKey));
    usecase::CertificateCollector collector;
    collector.addCa("ca", MspId("BenchMSP"), ca.toPem());
    std::vector<Bytes> pems;
    for (std::size_t i = 0; i < kInventoried; ++i) {
        auto content = identity::fabricCaIdentity(
            {.organizationalUnits = {"client"}, .commonName = "user" + std::to_string(i)}, ca, now);
        content.notAfter = now + absl::Minutes(static_cast<std::int64_t>((i * 7919) % 500'000));
        ASSIGN_OR_RETURN(const auto one,
                         identity::issueCertificate(content, key.publicKey(), ca, caKey));
        pems.push_back(one.toPem());
    }
    const double start = threadCpuSeconds();
    for (const Bytes& pem : pems) collector.addIssued("ca", MspId("BenchMSP"), pem);
    const auto inventory = collector.finish();
    report.figure("inventory_collect_us", 1e6 * (threadCpuSeconds() - start) / kInventoried);
    std::size_t found = 0;
    using Order = usecase::InventoryQuery::Order;
    const std::pair<const char*, usecase::InventoryQuery> queries[] = {
        {"inventory_list_ms", {}},
        {"inventory_sort_name_ms", {.order = Order::Name}},
        {"inventory_sort_serial_ms", {.order = Order::Serial, .descending = true}},
        {"inventory_sort_issuer_ms", {.order = Order::Issuer}},
        {"inventory_search_ms", {.text = "USER99 client"}},
        {"inventory_search_none_ms", {.text = "nobody at all"}},
    };
    for (const auto& [name, query] : queries)
        report.figure(name, msOf([&] { found += inventory.find(query).size(); }),
                      {.atLeast = {}, .atMost = 100});
    if (found == 0) return makeError(StatusCode::kInternal, "NOT_FOUND", "nothing was found");
    report.figure("inventory_forecast_ms",
                  msOf([&] { usecase::ForecastCertificates().run(inventory, {.at = now}); }));
    return absl::OkStatus();
}

const Registration kInventory("inventory", inventoryOfMany);

}  // namespace
}  // namespace chancery::bench
