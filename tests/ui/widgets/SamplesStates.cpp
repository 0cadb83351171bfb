#include <QtWidgets>

#include "tests/ui/widgets/Samples.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/ConfirmByNameDialog.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/ErrorState.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/LoadingRows.h"
#include "ui/widgets/Notice.h"
#include "ui/widgets/OperationSteps.h"
#include "ui/widgets/SectionHeader.h"

namespace chancery::test {
namespace {

using namespace ui;

QWidget* panel(const QString& title, const QString& summary, QWidget* content) {
    auto* panel = new QWidget;
    auto* layout = new QVBoxLayout(panel);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* header = new SectionHeader(title);
    header->setPane(true);
    header->setSummary(summary);
    layout->addWidget(header);
    layout->addWidget(content, 1);
    panel->setFixedSize(480, 450);
    return panel;
}

QWidget* empty() {
    auto* state = new EmptyState("chaincode", "No chaincode on loyalty-points",
                                 "Members can read and write only after one contract is committed "
                                 "here. Start from the store or from your own source.");
    state->addPrimary("Add from store…");
    state->addSecondary("Package source…");
    return state;
}

QWidget* loading() {
    auto* state = new LoadingRows;
    state->setTitle("Reading blocks from peer0.regulator");
    state->setCount("118,400 of 1,204,213");
    state->setFraction(0.1);
    state->setHint("about 50 s left, you can browse what is loaded");
    state->setCancellable(true);
    return state;
}

QWidget* error() {
    auto* state = new ErrorState;
    state->setTitle("Blocks cannot be read from peer0.regulator");
    state->setWhy(
        "The TLS certificate it presented is not signed by a root of RegulatorMSP. It was probably "
        "renewed and your connection profile still has the old root.");
    state->setRemedies({"Refresh the roots from the channel configuration.",
                        "Read from another peer meanwhile. Nothing is lost."});
    state->addPrimary("Refresh roots and retry");
    state->addSecondary("Use peer0.arxanbank");
    state->setDetails({{"grpc", "UNAVAILABLE (14)"},
                       {"endpoint", "peer0.regulator.example:7051"},
                       {"tls", "unknown authority, issuer \"ca.regulator 2026\""},
                       {"request", "5f1c-88a2 at 14:31:59.204 UTC"}});
    for (auto* button : state->findChildren<QToolButton*>()) button->setChecked(true);
    return state;
}

QWidget* permission() {
    auto* all = new QWidget;
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(16, 12, 16, 0);
    auto* notice = new Notice(Notice::Kind::Info, "Read-only.",
                              "You act as auditor1, so editing is off on this page.");
    notice->setIconName("eye");
    layout->addWidget(notice);
    auto* state = new PermissionState(
        "You cannot change policies as auditor1",
        "A channel policy can be changed by an administrator of a member organisation. You can "
        "still simulate, compare and export.",
        {{"ArxanBank", 0, "mei.lin"}, {"RiverBank", 1, "j.okafor"}, {"HarborPay", 2, "s.haddad"}});
    state->addSecondary("Act as another identity…");
    state->addSecondary("Ask an administrator…");
    layout->addWidget(state, 1);
    return all;
}

QWidget* confirm() {
    auto* dialog =
        new ConfirmByNameDialog("Remove HarborPay from settlement?",
                                {"Its peer stops receiving new blocks. Its 1,204,213 blocks stay.",
                                 "Its 61 wallet accounts can no longer be debited.",
                                 "wallet would need both other banks for every transfer.",
                                 "Two more organisations must sign before this happens."},
                                "HarborPay", "Propose removal");
    dialog->setWindowFlags(Qt::Widget);
    dialog->findChild<QLineEdit*>()->setText("HarborP");
    return dialog;
}

QWidget* operation() {
    auto* all = new QWidget;
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(16, 14, 16, 16);
    layout->setSpacing(12);
    auto* steps = new OperationSteps;
    steps->setTitle("Create network Meridian Clearing");
    steps->setTime("4.1 s of about 6 s");
    steps->setFraction(0.68);
    steps->setSteps({{"Generate 4 organisations and 34 certificates", Status::Ok, "0.9 s"},
                     {"Start 3 orderers, elect leader", Status::Ok, "1.4 s"},
                     {"Start 6 peers and 4 CAs", Status::Ok, "1.2 s"},
                     {"Create channels and join peers", Status::Running, "0.6 s"},
                     {"Install wallet, poe, supplychain, digitalid", Status::None, ""}});
    steps->addButton(
        makeButton("Cancel and clean up", ButtonTone::Secondary, {}, ButtonSize::Small));
    steps->addButton(makeButton("Run in background", ButtonTone::Secondary, {}, ButtonSize::Small));
    layout->addWidget(steps);
    layout->addWidget(new SectionHeader("Stale data"));
    auto* stale = new StaleBanner;
    stale->setStale("Event stream lost 14 s ago.", "14:31:53", "6 s");
    layout->addWidget(stale);
    layout->addWidget(new SectionHeader("Finished in the background"));
    auto* done = new Notice(Notice::Kind::Finished, {}, "Exported 12,000 transactions to CSV");
    done->addLink("Reveal");
    done->setClosable(true);
    layout->addWidget(done);
    layout->addStretch(1);
    return all;
}

}  // namespace

QWidget* sampleStates() {
    auto* page = new QWidget;
    auto* grid = new QGridLayout(page);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(0);
    grid->addWidget(panel("Empty", "says why, offers one next step", empty()), 0, 0);
    grid->addWidget(panel("Loading", "real counts, usable while it loads", loading()), 0, 1);
    grid->addWidget(panel("Error", "what happened, why, what to do", error()), 0, 2);
    grid->addWidget(panel("No permission", "what is off, who can", permission()), 1, 0);
    grid->addWidget(panel("Destructive action", "consequences, typed name", confirm()), 1, 1);
    grid->addWidget(panel("Long operation, stale data, notice", "steps, time", operation()), 1, 2);
    page->setFixedSize(1440, 900);
    return page;
}

}  // namespace chancery::test
