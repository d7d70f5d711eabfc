using Lae.Datasets;
using Lae.Host.Commands;
using Lae.Host.Configuration;
using Lae.Host.Data;
using Lae.Host.Plugins;

namespace Lae.Host.Runs;

/// <summary>The observations that a command is given: those of a file, or else the test observations of the run.</summary>
internal static class GivenObservations
{
    private static readonly string[] Needed = [nameof(RunConfiguration.Data), nameof(RunConfiguration.Plugins)];

    /// <summary>Reads them.</summary>
    /// <param name="run">The run.</param>
    /// <param name="use">What the command line asks for.</param>
    /// <param name="workingFolder">Where relative paths begin.</param>
    /// <param name="components">Known components.</param>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    /// <exception cref="Formats.DataFormatException">A file is damaged, or its data have another form than the run's.</exception>
    public static Dataset Read(TrainedRun run, RunUse use, string workingFolder, ComponentCatalogue components)
    {
        if (use.Data is not null)
        {
            return ObservationFile.Like(run.Folder, run.Form).Read(
                Path.GetFullPath(use.Data, workingFolder), use.Labels is null ? null : Path.GetFullPath(use.Labels, workingFolder), use.LabelColumn);
        }

        ConfigurationSource source = ConfigurationSource.PartOfRun(run.Folder.Configuration, [], Needed);
        (DataConfiguration configuration, _) = new ComponentBinder(components.For(source), source.Files).Bind<DataConfiguration>(source.Root);
        return ConfigurationException.Within("Data", configuration.Data!.Load).Split.Test;
    }
}
