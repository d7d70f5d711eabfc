using System.ComponentModel.DataAnnotations;
using Lae.Composition;
using Lae.Host.Configuration;
using Lae.Models;

namespace Lae.Host.Runs;

/// <summary>The part of a run's configuration that using its model needs.</summary>
internal sealed record ModelConfiguration
{
    /// <summary>As in <see cref="ComputedConfiguration.Seed"/>.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>As in <see cref="ComputedConfiguration.Threads"/>.</summary>
    [Range(0, 256)]
    public int Threads { get; init; }

    /// <summary>As in <see cref="ComputedConfiguration.Engine"/>.</summary>
    [Required]
    public IEngineFactory? Engine { get; init; }

    /// <summary>As in <see cref="ComputedConfiguration.Plugins"/>.</summary>
    [InputFile]
    public string[] Plugins { get; init; } = [];

    /// <summary>As in <see cref="RunConfiguration.Model"/>.</summary>
    [Required]
    public IModelFactory? Model { get; init; }
}
