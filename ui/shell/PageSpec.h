#pragma once

#include <QKeySequence>
#include <QString>
#include <functional>

class QWidget;

namespace chancery::ui {

class Page;

/// A page before it is built, as rail, palette and shortcuts know it.
struct PageSpec {
    enum class Group { Network, Govern, Observe, Operate };
    QString id;  ///< kind of its links and prefix of its commands: "ledger"
    Group group = Group::Network;
    QString icon;
    std::function<QString()> title;  ///< in the language of the moment
    QKeySequence shortcut;
    std::function<Page*(QWidget* parent)> build;
    /// What must be open for it to be shown; that also owns the context bar meanwhile.
    enum class Needs { Ledger, Network };
    Needs needs = Needs::Ledger;
};

QString titleOf(PageSpec::Group group);

}  // namespace chancery::ui
