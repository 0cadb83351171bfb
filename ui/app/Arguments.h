#pragma once

#include <QString>
#include <QStringList>

namespace chancery::ui {

/// What the command line asks for.
struct Arguments {
    QStringList ledger;  ///< files and folders of one ledger
    QString language;    ///< empty: as in the settings
    QString theme;       ///< "light", "dark", "system"; empty: as in the settings
    QString workspace;   ///< folder; empty: the usual one
    QString link;        ///< chancery://…
    QString network;     ///< folder of a network to be started
    bool demo = false;   ///< a demo network is made and started
    bool help = false;
    bool version = false;
    QString error;  ///< why it cannot be understood; empty: it can
};

Arguments parseArguments(const QStringList& arguments);
QString usage();

}  // namespace chancery::ui
