using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Lae.Composition;
using Lae.Host.Commands;
using Lae.Host.Inferring;
using Lae.Host.Plugins;
using Lae.Host.Runs;
using Lae.Host.Sampling;

namespace Lae.Host.Configuration;

/// <summary>Tells every key of the configuration with its default and range, and every component that a section can choose, as they are registered.</summary>
internal sealed class ConfigurationHelp(ComponentRegistry registry)
{
    private readonly ResolvedWriter writer = new(registry);
    private readonly HashSet<Type> told = [];

    /// <summary>Writes the keys of a command's configuration and of all components below, and the exit codes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="command">The command.</param>
    public void Write(TextWriter output, CommandName command)
    {
        if (command is CommandName.Train or CommandName.Sample or CommandName.Laws or CommandName.Infer)
        {
            WriteConfiguration(output, command);
        }

        if (command == CommandName.Evaluate)
        {
            WriteFigures(output);
        }

        WriteExitCodes(output);
    }

    private void WriteFigures(TextWriter output)
    {
        output.WriteLine("Figures, by their names in metrics.json and in --only:");
        IEnumerable<string> names = EvaluateCommand.Parts.SelectMany(part => part.Figures);
        foreach ((string name, string meaning) in FigureNames.Known.Where(figure => names.Contains(figure.Name)))
        {
            output.WriteLine($"  {name}  {meaning}");
        }

        output.WriteLine();
        output.WriteLine("""
            Configuration:
              Every key of the section Evaluation can be chosen anew, as --Evaluation:PosteriorDraws=20; the options that were used are noted in metrics.json.

            """);
        output.WriteLine("  Evaluation:");
        WriteKeys(output, new EvaluationOptions(), "    ");
        output.WriteLine();
    }

    private void WriteConfiguration(TextWriter output, CommandName command)
    {
        string setting = command switch
        {
            CommandName.Train => "Model:LatentSize=4",
            CommandName.Infer => "Problem:Points=5",
            _ => "Kernel:StepSize=0.2",
        };
        output.WriteLine($"""
            Configuration:
              Every key below can be set in the JSON file, by an environment variable (LAE_{setting.Replace(":", "__", StringComparison.Ordinal)}) and on the command line
              (--{setting}); the later of these goes before the earlier. An array is given as --Section:Key=1,2,3. Choosing another
              Type for a section drops the keys that a lower layer gave to the old type.

              The path of a file is looked for beside the configuration file and in the working directory. Plug-ins are loaded before
              anything else is read; they are trusted code.

            """);
        WriteKeys(output, command switch
        {
            CommandName.Train => new RunConfiguration(),
            CommandName.Infer => new InferenceConfiguration(),
            _ => new SamplingConfiguration(),
        }, "  ");
        if (command == CommandName.Infer)
        {
            output.WriteLine();
            WriteFigures(output, InferenceResults.Meanings);
        }

        output.WriteLine();
    }

    private static void WriteFigures(TextWriter output, IEnumerable<(string Name, string Meaning)> figures)
    {
        output.WriteLine("Figures, by their names in infer.json:");
        foreach ((string name, string meaning) in figures)
        {
            output.WriteLine($"  {name}  {meaning}");
        }
    }

    private static void WriteExitCodes(TextWriter output) => output.WriteLine("""
        Exit codes:
          0 done, 1 unexpected failure, 2 bad input, 3 a NaN, an infinity or a singular matrix arose, 4 a law is broken (lae laws),
          130 interrupted (continue with --resume)
        """);

    private void WriteKeys(TextWriter output, object options, string indent)
    {
        foreach (OptionProperty property in OptionProperties.Of(options.GetType()))
        {
            object? value = property.Property.GetValue(options);
            string description = property.Description is null ? string.Empty : $"  {property.Description}";
            if (registry.IsContract(property.ValueType))
            {
                string chosen = property.DefaultType is { } name ? $" (default {name})" : value is not null && registry.WithOptions(property.ValueType, value.GetType()) is { } component ? $" (default {component.Name})" : string.Empty;
                output.WriteLine($"{indent}{property.Name}:{description}{(description.Length > 0 ? ";" : string.Empty)}  \"Type\" is one of{chosen}");
                WriteComponents(output, property.ValueType, indent + "  ");
            }
            else if (property.ElementType is { } element && registry.IsContract(element))
            {
                output.WriteLine($"{indent}{property.Name}:{description}{(description.Length > 0 ? ";" : string.Empty)}  array: the \"Type\" of each is one of");
                WriteComponents(output, element, indent + "  ");
            }
            else if (ScalarParser.IsScalar(property.ElementType ?? property.ValueType))
            {
                output.WriteLine($"{indent}{property.Name}: {Form(property, value)}{description}");
            }
            else if (value is not null || property.ValueType.GetConstructor(Type.EmptyTypes) is not null)
            {
                output.WriteLine($"{indent}{property.Name}:{description}");
                WriteKeys(output, value ?? Activator.CreateInstance(property.ValueType)!, indent + "  ");
            }
        }
    }

    private void WriteComponents(TextWriter output, Type contract, string indent)
    {
        if (!told.Add(contract))
        {
            output.WriteLine($"{indent}(as above)");
            return;
        }

        foreach (ComponentDescriptor component in registry.Of(contract))
        {
            string? description = component.Options.GetCustomAttribute<DescriptionAttribute>()?.Description;
            output.WriteLine($"{indent}{component.Name}{(description is null ? string.Empty : $"  {description}")}");
            WriteKeys(output, Activator.CreateInstance(component.Options)!, indent + "  ");
        }
    }

    private string Form(OptionProperty property, object? value)
    {
        Type type = property.ElementType ?? property.ValueType;
        string one = property.InputFile is { } input ? input.IsFolder ? "a folder" : "a file" : ScalarParser.Describe(type);
        string form = property.ElementType is null ? one : $"array: {one}";
        RangeAttribute? range = property.Rules.OfType<RangeAttribute>().FirstOrDefault();
        JsonNode? initial = writer.Write(property.ValueType, value);
        bool required = property.Rules.OfType<RequiredAttribute>().Any();
        return form
            + (range is null ? string.Empty : $", {PropertyRules.Describe(range)}")
            + (initial is not null ? $" = {initial.ToJsonString(new System.Text.Json.JsonSerializerOptions())}" : required ? " (required)" : " (optional)");
    }
}
