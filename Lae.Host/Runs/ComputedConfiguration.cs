using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Host.Plugins;

namespace Lae.Host.Runs;

/// <summary>What every run has, whatever it computes.</summary>
public abstract record ComputedConfiguration
{
    private protected ComputedConfiguration(string name) => Name = name;

    /// <summary>What the run is called; letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 80. Each command has its own default.</summary>
    [Description("what the run is called, in its folder and in reports")]
    [RegularExpression("[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", ErrorMessage = "a name consists of letters, digits, '.', '_' and '-', at most 80, and does not begin with '.' or '-'")]
    public string Name { get; init; }

    /// <summary>Decides all random numbers. Default 1.</summary>
    [Description("decides all random numbers")]
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads to compute with, 0 to 256; 0 takes all processors. Never changes a bit of a result. Default 0.</summary>
    [Description("threads to compute with; 0 takes all processors; never changes a result")]
    [Range(0, 256)]
    public int Threads { get; init; }

    /// <summary>Who computes.</summary>
    [Description("who computes")]
    [DefaultValue("Managed")]
    public IEngineFactory? Engine { get; init; }

    /// <summary>Assemblies of plug-ins, whose components the sections can choose. Default none.</summary>
    [Description(PluginSet.Description)]
    [InputFile]
    public string[] Plugins { get; init; } = [];
}
