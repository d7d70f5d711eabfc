using System.ComponentModel.DataAnnotations;
using Lae.Host.Configuration;
using Lae.Host.Data;

namespace Lae.Host.Runs;

/// <summary>The part of a run's configuration that reading its data needs.</summary>
internal sealed record DataConfiguration
{
    /// <summary>As in <see cref="ComputedConfiguration.Plugins"/>.</summary>
    [InputFile]
    public string[] Plugins { get; init; } = [];

    /// <summary>As in <see cref="RunConfiguration.Data"/>.</summary>
    [Required]
    public IDataSource? Data { get; init; }
}
